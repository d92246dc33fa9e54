import type { SecureContextOptions, Server } from "node:tls";

/** What a listener shows to speak TLS. */
export interface TlsIdentity {
  /** Certificate and key of now, and what is asked of the peer's TLS. */
  readonly options: SecureContextOptions;
  /** Gives the server every later certificate until it closes; connections that are open keep the one they began with. */
  follow(server: Server): void;
}

/** RFC 8996: older versions are not to be used. */
export const LEAST_TLS_VERSION = "TLSv1.2";
