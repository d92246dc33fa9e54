import type { Certificate } from "./certificate.ts";

/** Where the certificate comes from. Each may throw a RefusalError: CONFIG_INVALID. */
export interface CertificateSource {
  /** One for a listener on this host; asked when the listener is opened. */
  forHost(host: string): Promise<Certificate>;
  /** The one of now, whatever has become of files and dates since. */
  look(): Promise<Certificate>;
  /** Somebody asks for a new one. */
  renew(): Promise<Certificate>;
}

/** A certificate that ends sooner is about to be replaced. */
export const RENEW_BEFORE_MS = 30 * 24 * 3_600_000;
