import type { Refusal } from "../contract/errors.ts";
import type { Source } from "../contract/source.ts";
import type { PackedBatch } from "./packed-batch.ts";
import type { StateRow } from "./state-rows.ts";
import type { StoreFiles } from "./store-files.ts";

/** What the writer's thread is started with. */
export interface WriterStart {
  readonly files: StoreFiles;
}

export type ToWriter =
  | { readonly t: "append"; readonly batch: PackedBatch; readonly state: readonly StateRow[] }
  | { readonly t: "save-source"; readonly call: number; readonly source: Source }
  | { readonly t: "remove-source"; readonly call: number; readonly name: string }
  | { readonly t: "checkpoint" }
  | { readonly t: "close" };

/** `open` again after one of the others: writing works. */
export type WriteState = "open" | "full" | "failed" | "damaged";

export type FromWriter =
  | { readonly t: "opened"; readonly log: OpenedLog }
  | { readonly t: "not-opened"; readonly refusal: Refusal }
  /** The batch's buffers come back to be used again. */
  | { readonly t: "committed"; readonly firstSeq: number; readonly buffers: Buffers }
  | { readonly t: "not-committed"; readonly refusal: Refusal; readonly buffers: Buffers }
  | { readonly t: "state"; readonly state: WriteState; readonly reason: string | null }
  | { readonly t: "answered"; readonly call: number; readonly refusal: Refusal | null }
  /** For the hub's own log. */
  | { readonly t: "notice"; readonly what: string; readonly error: string }
  | { readonly t: "closed" };

export type Buffers = Pick<PackedBatch, "numbers" | "bytes">;

export interface OpenedLog {
  readonly logId: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly sources: readonly Source[];
  readonly state: readonly StateRow[];
}
