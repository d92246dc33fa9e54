import type { Refusal } from "../contract/errors.ts";
import type { Retention } from "../contract/settings.ts";
import type { Source } from "../contract/source.ts";
import type { DeliveryWrite } from "../hub/ports.ts";
import type { OpenedDeliveries } from "./delivery-rows.ts";
import type { LogExtent } from "./log-writer.ts";
import type { PackedBatch } from "./packed-batch.ts";
import type { FoundDuplicate } from "./seen-deliveries.ts";
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
  /** Answered with EVENT_NOT_FOUND when there is none. */
  | { readonly t: "pin"; readonly call: number; readonly seq: number; readonly pinned: boolean }
  | { readonly t: "deliver"; readonly call: number; readonly writes: readonly DeliveryWrite[] }
  | { readonly t: "keep"; readonly retention: Retention }
  | { readonly t: "checkpoint" }
  | { readonly t: "close" };

/** `open` again after one of the others: writing works. */
export type WriteState = "open" | "full" | "failed" | "damaged";

export type FromWriter =
  | { readonly t: "opened"; readonly log: OpenedLog }
  | { readonly t: "not-opened"; readonly refusal: Refusal }
  /** The batch's buffers come back to be used again. */
  | {
      readonly t: "committed";
      readonly firstSeq: number;
      readonly duplicates: readonly FoundDuplicate[];
      readonly extent: LogExtent;
      readonly buffers: Buffers;
    }
  /** Events were removed, for retention. */
  | { readonly t: "trimmed"; readonly extent: LogExtent }
  | { readonly t: "not-committed"; readonly refusal: Refusal; readonly buffers: Buffers }
  | { readonly t: "state"; readonly state: WriteState; readonly reason: string | null }
  | { readonly t: "answered"; readonly call: number; readonly refusal: Refusal | null }
  /** For the hub's own log. */
  | { readonly t: "notice"; readonly what: string; readonly error: string }
  | { readonly t: "closed" };

export type Buffers = Pick<PackedBatch, "numbers" | "bytes">;

export interface OpenedLog {
  readonly logId: string;
  readonly lastSeq: number;
  readonly extent: LogExtent;
  readonly sources: readonly Source[];
  readonly state: readonly StateRow[];
  readonly deliveries: OpenedDeliveries;
}
