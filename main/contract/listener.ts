/** Where peers come in, each by the name of the setting that says where. `https` and `mqtts` are `ingress` and `mqtt` over TLS. */
export const LISTENER_NAMES = ["ingress", "https", "mqtt", "mqtts", "inspector"] as const;
export type ListenerName = (typeof LISTENER_NAMES)[number];

/** The ports to propose for listeners that are off. */
export const USUAL_PORTS: Readonly<Record<ListenerName, number>> = { ingress: 4800, https: 4843, mqtt: 1883, mqtts: 8883, inspector: 4801 };

/** `failed`: it should listen and does not; `reason` says why. */
export type ListenerState = "listening" | "off" | "failed";

export interface ListenerInfo {
  readonly name: ListenerName;
  readonly state: ListenerState;
  /** A sentence for a person when it has failed, or listens elsewhere than it was told to at run time. */
  readonly reason: string | null;
  /** What is asked for, as the setting writes it: `127.0.0.1:4800`, `[::1]:0` (any free port); null when it is off. */
  readonly address: string | null;
  /** What settings file, environment and flags ask for. */
  readonly configured: string | null;
  /** Set at run time, until `listeners.reset`: `address` stands instead of `configured`. */
  readonly changed: boolean;
  /** How this machine reaches it, with the port it got; null while it does not listen. */
  readonly url: string | null;
  /** The addresses it has for others, IPv6 without brackets; for one that listens on every address, those the machine has now. Empty while it does not listen. */
  readonly hosts: readonly string[];
  readonly tls: boolean;
  /** Open now. */
  readonly connections: number;
}

export interface ListenerSaved extends ListenerInfo {
  /** For the inspector when it has moved: opens it at its new address, logged in, once. Null for all others. */
  readonly login: string | null;
}

/** The certificate of the listeners with TLS; nothing here is secret. Times in epoch ms. */
export interface CertificateInfo {
  /** As in the certificate, RFC 4514: `CN=signalbox on desk`. */
  readonly subject: string;
  readonly issuer: string;
  /** Host names and addresses it is good for. */
  readonly names: readonly string[];
  /** SHA-256 of the certificate, as other tools write it: `AB:CD:…`. */
  readonly fingerprint: string;
  readonly validFromAt: number;
  readonly validUntilAt: number;
  /** Given by the settings `tls-cert` and `tls-key`; otherwise made here, and renewed before it ends. */
  readonly own: boolean;
  /** The certificate, and with an own one the chain that came with it. */
  readonly pem: string;
}

export interface TlsInfo {
  /** Null until a listener with TLS is first used. */
  readonly certificate: CertificateInfo | null;
  /** What is wrong for a person to know: the files cannot be used, so an earlier certificate is; it ends soon; a name is missing. */
  readonly warning: string | null;
}
