import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import { writeWhole } from "../../platform/write-whole.ts";
import { parseCertificate, type Certificate } from "./certificate.ts";
import { RENEW_BEFORE_MS, type CertificateSource } from "./certificate-source.ts";
import { isFixedHost, namesOfHost, ownNames } from "./host-names.ts";
import { makeCertificate } from "./make-certificate.ts";

export interface MadeCertificateOptions {
  readonly folder: string;
  /** Names it is made for beside this machine's own. */
  readonly allowHosts: readonly string[];
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
}

/**
 * A self-signed certificate of this program's own making, kept in `tls-cert.pem`, its key in `tls-key.pem`. It is made
 * anew, with the same key, before it ends and for a host it does not name yet; addresses that come and go while the
 * listener is on every address are no reason, so that clients which know the certificate are not disturbed by them.
 */
export function createMadeCertificate({ folder, allowHosts, clock, logger }: MadeCertificateOptions): CertificateSource {
  const files = { cert: join(folder, "tls-cert.pem"), key: join(folder, "tls-key.pem") };
  const hosts = new Set<string>();
  let current: Certificate | null = null;

  const make = async (key: string | null): Promise<Certificate> => {
    const names = new Set([...ownNames(allowHosts), ...[...hosts].flatMap(namesOfHost)]);
    const made = await makeCertificate({ names: [...names], key, now: clock.now() });
    const parsed = parseCertificate(made.cert, made.key, false);
    if ("fault" in parsed) throw new Error(`A certificate was made that cannot be used: ${parsed.fault}`);
    // The key first: a certificate whose key is lost would be of no use.
    if (key === null) writeWhole(files.key, made.key);
    writeWhole(files.cert, made.cert);
    return (current = parsed.certificate);
  };

  /** What an earlier run has left; null when there is nothing of use. */
  const read = async (): Promise<Certificate | null> => {
    const [cert, key] = await Promise.all([readText(files.cert), readText(files.key)]);
    if (cert === null || key === null) return null;
    const parsed = parseCertificate(cert, key, false);
    if ("certificate" in parsed) return parsed.certificate;
    logger.warn("The certificate made earlier cannot be used; another is made.", { ...files, why: parsed.fault });
    return null;
  };

  const isGood = ({ info }: Certificate): boolean => info.validFromAt <= clock.now() && info.validUntilAt - clock.now() > RENEW_BEFORE_MS;

  return {
    async forHost(host) {
      hosts.add(host);
      current ??= await read();
      if (current === null) return make(null);
      const { names } = current.info;
      const wanted = [...ownNames(allowHosts), ...(isFixedHost(host) ? namesOfHost(host) : [])];
      return isGood(current) && wanted.every((name) => names.includes(name)) ? current : make(current.key);
    },
    async look() {
      return current !== null && isGood(current) ? current : make(current?.key ?? null);
    },
    renew: () => make(null),
  };
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
