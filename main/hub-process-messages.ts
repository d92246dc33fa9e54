import type { Refusal } from "./contract/errors.ts";
import type { ListenerStatus } from "./contract/status.ts";

/**
 * What Electron's main process and the hub's utility process say to each other; types only. The first message is
 * `start`, answered by `ready` or `failed` (after which the process ends with exit code 1). The environment is inherited.
 */
export type ToHubProcess =
  /** The command line's flags, as for `signalbox serve`: `["--data", "/folder", "--ingress", "127.0.0.1:0"]`. */
  | { readonly type: "start"; readonly flags: readonly string[] }
  /** Comes with one MessagePort, the hub's end of a trusted link; allowed before `ready`, taken up then. */
  | { readonly type: "connect" }
  /** Is it alive? Answered by `pong` at once. */
  | { readonly type: "ping" }
  /** Asks for a URL that logs a browser in once. */
  | { readonly type: "login-link"; readonly id: number }
  /** The hub stops, says `stopped`, and its process ends with exit code 0. */
  | { readonly type: "stop" };

export type FromHubProcess =
  /** And again when a listener has been changed. */
  | { readonly type: "ready"; readonly version: string; readonly dataFolder: string; readonly listeners: readonly ListenerStatus[] }
  /** `details.setting` of a PORT_BUSY or CONFIG_INVALID names the flag, without dashes, that would help. */
  | { readonly type: "failed"; readonly refusal: Refusal }
  /** Null when the inspector's listener is off. */
  | { readonly type: "login-link"; readonly id: number; readonly url: string | null }
  | { readonly type: "pong" }
  | { readonly type: "stopped" };
