import type { ListenAddress } from "../config/config.ts";
import { refuse, type Refusal } from "../contract/errors.ts";
import type { ListenerName } from "../contract/listener.ts";
import { isLoopback } from "../platform/net.ts";

/** What may stand against a listener being where it is wanted. */
export interface ExposureOptions {
  readonly hasKeys: () => boolean;
  /** Beyond this machine nobody needs a key. */
  readonly allowAnonymous: boolean;
}

/** Nobody outside this machine may send events while there are no keys, unless that is asked for by name. The inspector has its token. */
export function exposureFault(name: ListenerName, address: ListenAddress, { hasKeys, allowAnonymous }: ExposureOptions): Refusal | null {
  if (address === null || name === "inspector" || isLoopback(address.host) || allowAnonymous || hasKeys()) return null;
  const message = `The ${name} listener would be open on ${address.host}, where anyone on your network could publish. Make a key first, use --${name} 127.0.0.1:${address.port}, or allow it with --allow-anonymous.`;
  return refuse("LISTEN_REFUSED", message, { listener: name, setting: "allow-anonymous", ...address }).refusal;
}
