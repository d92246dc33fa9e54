import type { BridgeStatus } from "./bridge.ts";
import type { ListenerName } from "./listener.ts";
import type { Retention } from "./settings.ts";

/** `open`: events are stored. `full`: no space, refused until there is. `failed`: a write failed, reopening. `damaged`: see `reason`. */
export type LogState = "opening" | "open" | "full" | "failed" | "damaged" | "closed";

export interface LogStatus {
  readonly state: LogState;
  /** A sentence for a person when the state is not `open`. */
  readonly reason: string | null;
  readonly id: string;
  /** How many changes of form the log's file has had; left out by a log without a file. */
  readonly schemaVersion?: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** How many events are kept: fewer than from first to last where some were removed or not recorded. */
  readonly events: number;
  readonly retention: Retention;
  readonly fileBytes: number;
  /** Of these, what removed events have left and later ones will use. */
  readonly reusableBytes: number;
  readonly walBytes: number;
  readonly indexBytes: number;
  /** How many of the newest events the search index has not reached yet; they are searched directly. */
  readonly indexLag: number;
  /** Events waiting for a commit. */
  readonly queued: number;
  /** What the disk still has for this program; null where the system does not say. */
  readonly diskFreeBytes: number | null;
}

export interface ListenerStatus {
  readonly name: ListenerName;
  readonly url: string;
  readonly setting: string;
}

export interface HubStatus {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly now: number;
  readonly dataFolder: string;
  readonly listeners: readonly ListenerStatus[];
  /** Of the listeners with TLS, once one has been used. Left out by a hub of an earlier version. */
  readonly certificate?: { readonly fingerprint: string; readonly validUntilAt: number } | null;
  readonly log: LogStatus;
  /** Left out by a hub of an earlier version. */
  readonly bridges?: readonly BridgeStatus[];
  /** Events per second over the last second, by what became of them. */
  readonly rate: { readonly accepted: number; readonly refused: number };
  readonly memoryBytes: number;
  readonly limits: { readonly maxBodyBytes: number };
}
