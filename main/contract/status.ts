/** `open`: events are stored. `full`: no space, refused until there is. `failed`: a write failed, reopening. `damaged`: see `reason`. */
export type LogState = "opening" | "open" | "full" | "failed" | "damaged" | "closed";

export interface LogStatus {
  readonly state: LogState;
  /** A sentence for a person when the state is not `open`. */
  readonly reason: string | null;
  readonly id: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly fileBytes: number;
  readonly walBytes: number;
  readonly indexBytes: number;
  /** How many of the newest events the search index has not reached yet; they are searched directly. */
  readonly indexLag: number;
  /** Events waiting for a commit. */
  readonly queued: number;
}

export interface ListenerStatus {
  readonly name: "ingress" | "inspector" | "mqtt";
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
  readonly log: LogStatus;
  /** Events per second over the last second, by what became of them. */
  readonly rate: { readonly accepted: number; readonly refused: number };
  readonly memoryBytes: number;
  readonly limits: { readonly maxBodyBytes: number };
}
