import { createPrivateKey, createPublicKey } from "node:crypto";
import { isIP } from "node:net";
import { hostname } from "node:os";

/** What Apple's systems still take of a certificate that a person has trusted by hand (support article HT210176). */
const VALID_MS = 825 * 24 * 3_600_000;
/** For clients whose clocks are behind. */
const BACKDATED_MS = 3_600_000;

/**
 * A self-signed server certificate (P-256) for host names and addresses, both in PEM. With the `key` of the one before,
 * clients that have pinned the key need no change. The library is loaded only here: it is needed once in two years.
 */
export async function makeCertificate(options: {
  readonly names: readonly string[];
  readonly key: string | null;
  /** Epoch ms. */
  readonly now: number;
}): Promise<{ readonly cert: string; readonly key: string }> {
  const { generate } = await import("selfsigned");
  const { key, names, now } = options;
  const made = await generate([{ name: "commonName", value: `signalbox ${plainName(hostname())}` }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(now - BACKDATED_MS),
    notAfterDate: new Date(now - BACKDATED_MS + VALID_MS),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })) },
    ],
    ...(key === null ? {} : { keyPair: { privateKey: key, publicKey: toPublic(key) } }),
  });
  return { cert: made.cert, key: made.private };
}

function toPublic(key: string): string {
  return createPublicKey(createPrivateKey(key)).export({ type: "spki", format: "pem" }) as string;
}

/** Without what means something in a distinguished name (RFC 4514 §2.4); such a name has at most 64 characters (RFC 5280, appendix A). */
function plainName(name: string): string {
  return name.replace(/[^A-Za-z0-9.-]/g, "-").slice(0, 50);
}
