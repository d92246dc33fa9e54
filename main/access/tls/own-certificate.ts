import { readFile } from "node:fs/promises";
import { RefusalError } from "../../contract/errors.ts";
import { parseCertificate, type Certificate } from "./certificate.ts";
import type { CertificateSource } from "./certificate-source.ts";

/** Paths of PEM files. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that somebody else makes and renews: read from its files each time. */
export function createOwnCertificate(files: CertificateFiles): CertificateSource {
  const look = async (): Promise<Certificate> => {
    const parsed = parseCertificate(await readText(files.cert, "tls-cert"), await readText(files.key, "tls-key"), true);
    if ("certificate" in parsed) return parsed.certificate;
    throw refusal(`The certificate ${files.cert} with the key ${files.key} cannot be used: ${parsed.fault}.`, "tls-cert");
  };
  return { forHost: look, look, renew: look };
}

async function readText(path: string, setting: "tls-cert" | "tls-key"): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw refusal(`The file of ${setting} cannot be read: ${(error as Error).message}.`, setting);
  }
}

function refusal(what: string, setting: string): RefusalError {
  const message = `${what} Mend the files, or leave tls-cert and tls-key out to have a certificate made.`;
  return new RefusalError({ code: "CONFIG_INVALID", message, details: { setting } });
}
