import { refuse, type Result } from "../contract/errors.ts";
import type { ListenerInfo, ListenerName, ListenerSaved, TlsInfo } from "../contract/listener.ts";
import type { ListenerStatus } from "../contract/status.ts";

/** Where peers come in, and how that is changed while the hub runs. */
export interface ListenerDirectory {
  list(): readonly ListenerInfo[];
  /** Those that listen. */
  status(): readonly ListenerStatus[];
  /**
   * In force, and durable, when it resolves; the one before is closed then. `address` as the setting writes it, null for
   * off. Refuses PARAMS_INVALID, PORT_BUSY and LISTEN_REFUSED, and leaves everything as it was.
   */
  save(name: ListenerName, address: string | null): Promise<Result<ListenerSaved>>;
  /** Back to what settings file, environment and flags say; refuses as `save` does. */
  reset(name: ListenerName): Promise<Result<ListenerSaved>>;
}

/** The certificate of the listeners with TLS. */
export interface CertificateDirectory {
  info(): TlsInfo;
  /** A made certificate is made anew, an own one read again from its files. Refuses CONFIG_INVALID. */
  renew(): Promise<Result<TlsInfo>>;
}

const NOT_NOW = "Listeners cannot be changed while the hub starts or stops. Try again in a moment.";

export const NO_LISTENERS: ListenerDirectory = {
  list: () => [],
  status: () => [],
  save: async () => refuse("HUB_STOPPING", NOT_NOW),
  reset: async () => refuse("HUB_STOPPING", NOT_NOW),
};

export const NO_CERTIFICATE: CertificateDirectory = {
  info: () => ({ certificate: null, warning: null }),
  renew: async () => refuse("HUB_STOPPING", NOT_NOW),
};
