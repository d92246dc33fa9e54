import type { Readable } from "./read-damaged.ts";
import type { StoreFiles } from "./store-files.ts";

export interface BackgroundStart {
  readonly files: StoreFiles;
  readonly logId: string;
  /** See log-progress.ts. */
  readonly progress: SharedArrayBuffer;
}

export type ToBackground =
  | { readonly t: "wake" }
  /** Count what can be read of the log, which is damaged. */
  | { readonly t: "examine" }
  /** Nobody has the index open any more: make a new one. */
  | { readonly t: "remake-index" }
  | { readonly t: "close" };

export type FromBackground =
  | { readonly t: "index-ready" }
  | { readonly t: "index-damaged"; readonly error: string }
  | { readonly t: "log-damaged"; readonly error: string }
  | { readonly t: "examined"; readonly found: Readable }
  /** The write-ahead log is long, and all but its end has been brought into the file: the writer should do the rest. */
  | { readonly t: "finish-checkpoint" }
  | { readonly t: "notice"; readonly what: string; readonly error: string };
