import { accept, refuse, type Refusal, type Result } from "../contract/errors.ts";
import { KEEP_EVERYTHING, LEAST_KEPT, MAX_RECORD_RULES, type Keeping, type RecordRule, type Retention } from "../contract/settings.ts";
import type { Settings, SettingsChange } from "../contract/settings.ts";
import { matchesTopic, topicFilterFault } from "../contract/topic.ts";
import type { EventLog, StateStore } from "./ports.ts";

/** Where the changes made at run time are kept. */
const KEY = "settings/keeping";

/** What can be set while the hub runs: by the settings file at first, by calls from then on. */
export interface SettingsDirectory {
  get(): Settings;
  /** Is the whole of what comes on the topic kept in the log? */
  isRecorded(topic: string): boolean;
  /** In force and durable when it resolves. Refuses PARAMS_INVALID and TOPIC_INVALID. */
  save(change: SettingsChange): Promise<Result<Settings>>;
  /** Back to what the settings file says. */
  reset(): Promise<Result<Settings>>;
}

export interface SettingsOptions {
  readonly log: EventLog;
  /** What file, environment and flags say; everything is kept when it is left out. */
  readonly keeping?: Keeping;
  /** Left out: changes last as long as the hub runs. */
  readonly state?: StateStore;
}

export function createSettings({
  log,
  state,
  keeping: configured = { retention: KEEP_EVERYTHING, record: [] },
}: SettingsOptions): SettingsDirectory {
  let changed = readChanged(state);
  log.keep(changed ?? configured);

  const current = (): Settings => ({ ...(changed ?? configured), changed: changed !== null });

  async function enter(next: Keeping | null): Promise<Result<Settings>> {
    state?.put(KEY, next === null ? null : Buffer.from(JSON.stringify(next)));
    const refusal = await flushed(state);
    if (refusal !== null) {
      state?.put(KEY, changed === null ? null : Buffer.from(JSON.stringify(changed)));
      return { ok: false, refusal };
    }
    changed = next;
    log.keep(changed ?? configured);
    return accept(current());
  }

  return {
    get: current,
    isRecorded(topic) {
      const { record } = changed ?? configured;
      return record.length === 0 || (record.find(({ filter }) => matchesTopic(filter, topic))?.policy ?? "all") === "all";
    },
    async save(change) {
      const { retention, record } = current();
      const next = { retention: merge(retention, change.retention ?? {}), record: change.record ?? record };
      const fault = retentionFault(next.retention);
      if (fault !== null) return refuse("PARAMS_INVALID", fault, { parameter: "retention" });
      const wrong = recordFault(next.record);
      if (wrong !== null) return refuse("TOPIC_INVALID", wrong, { parameter: "record" });
      return enter(next);
    },
    reset: () => enter(null),
  };
}

function readChanged(state: StateStore | undefined): Keeping | null {
  for (const [key, value] of state?.all(KEY) ?? []) if (key === KEY) return JSON.parse(Buffer.from(value).toString("utf8")) as Keeping; // written by this file alone
  return null;
}

function flushed(state: StateStore | undefined): Promise<Refusal | null> {
  return new Promise((resolve) => (state ? state.flush(resolve) : resolve(null)));
}

/** `undefined` means "as it is", null "no bound". */
function merge(retention: Retention, change: NonNullable<SettingsChange["retention"]>): Retention {
  return {
    keepForMs: change.keepForMs === undefined ? retention.keepForMs : change.keepForMs,
    keepEvents: change.keepEvents === undefined ? retention.keepEvents : change.keepEvents,
    keepBytes: change.keepBytes === undefined ? retention.keepBytes : change.keepBytes,
  };
}

function retentionFault(retention: Retention): string | null {
  for (const name of ["keepForMs", "keepEvents", "keepBytes"] as const) {
    const value = retention[name];
    if (value !== null && !(Number.isSafeInteger(value) && value >= LEAST_KEPT[name]))
      return `"${name}" must be a whole number from ${LEAST_KEPT[name]}, or null to keep without that bound.`;
  }
  return null;
}

function recordFault(rules: readonly RecordRule[]): string | null {
  if (rules.length > MAX_RECORD_RULES) return `There are ${rules.length} record rules; at most ${MAX_RECORD_RULES} are allowed.`;
  for (const { filter } of rules) {
    const fault = topicFilterFault(filter);
    if (fault) return `"${filter}" cannot be the filter of a record rule: ${fault}.`;
  }
  return null;
}
