import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs openssl, another implementation than Node is asked for in the program. */
export function openssl(args: readonly string[], input: string | Uint8Array = ""): Buffer {
  const { status, stdout, stderr, error } = spawnSync("openssl", args, { input });
  if (error) throw error;
  if (status !== 0) throw new Error(`openssl ${args.join(" ")}: ${stderr.toString()}`);
  return stdout;
}

export const OPENSSL_MISSING = existsSync("/usr/bin/openssl") ? null : "openssl is not installed: apt-get install openssl";

/** HMAC by openssl. */
export function opensslHmac(algorithm: string, key: string | Uint8Array, content: string | Uint8Array): Buffer {
  return openssl(["dgst", `-${algorithm}`, "-mac", "HMAC", "-macopt", `hexkey:${Buffer.from(key).toString("hex")}`, "-binary"], content);
}

export interface OpensslCertificate {
  readonly pem: string;
  /** RSASSA-PKCS1-v1_5. */
  sign(digest: "sha1" | "sha256", content: string): string;
  [Symbol.dispose](): void;
}

/** A certificate of its own, valid from now on, with a name that may be a provider's. */
export function makeCertificate(commonName: string): OpensslCertificate {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-certificate-"));
  const [key, pem] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  openssl([
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    key,
    "-out",
    pem,
    "-days",
    "30",
    "-subj",
    `/O=PayPal, Inc./CN=${commonName}`,
  ]);
  return {
    pem: readFileSync(pem, "utf8"),
    sign: (digest, content) => openssl(["dgst", `-${digest}`, "-sign", key], content).toString("base64"),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

/** Ed25519 by openssl, which wants its message in a file. */
export function opensslEd25519(privateKeyPem: string, message: Uint8Array): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-ed25519-"));
  try {
    const [key, file] = [join(folder, "key.pem"), join(folder, "message")];
    writeFileSync(key, privateKeyPem, { mode: 0o600 });
    writeFileSync(file, message);
    return openssl(["pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
