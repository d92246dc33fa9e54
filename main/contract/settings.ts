/** What becomes of a topic's accepted events after they are published: all kept, only the newest, or none. */
export const RECORD_POLICIES = ["all", "last", "none"] as const;
export type RecordPolicy = (typeof RECORD_POLICIES)[number];

/** The first rule of a list whose topic filter matches decides; without one everything is kept. */
export interface RecordRule {
  readonly filter: string;
  readonly policy: RecordPolicy;
}

export const MAX_RECORD_RULES = 200;

/** How long, how many and how much of the log is kept; null for no bound. Pinned and retained events stay in any case. */
export interface Retention {
  readonly keepForMs: number | null;
  readonly keepEvents: number | null;
  /** Bytes in use within the log's file. */
  readonly keepBytes: number | null;
}

export const KEEP_EVERYTHING: Retention = { keepForMs: null, keepEvents: null, keepBytes: null };

/** The least that can be asked for: below, a log would be empty before anybody had seen it. */
export const LEAST_KEPT = { keepForMs: 1000, keepEvents: 1, keepBytes: 1024 * 1024 } as const;

/** What of the events stays in the log. A change of `record` is about the events from then on. */
export interface Keeping {
  readonly retention: Retention;
  readonly record: readonly RecordRule[];
}

/** Settings that can be changed while the hub runs. */
export interface Settings extends Keeping {
  /** Changed at run time: no longer what the settings file says, until `settings.reset`. */
  readonly changed: boolean;
}

/** What is left out stays as it is. */
export interface SettingsChange {
  readonly retention?: { readonly [K in keyof Retention]?: number | null | undefined } | undefined;
  readonly record?: readonly RecordRule[] | undefined;
}
