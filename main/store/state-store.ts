import type { Refusal } from "../contract/errors.ts";
import type { StateStore } from "../hub/ports.ts";
import type { Clock } from "../platform/clock.ts";
import type { StateRow } from "./state-rows.ts";

/** Rows nobody waits for are written at the latest after this: most are replaced or taken away before. */
const LAZY_MS = 200;

/** What the group commit asks of the state. */
export interface PendingState {
  /** Somebody waits, or has waited long enough: a commit is to be made even without events. */
  wanted(): boolean;
  /** The rows put when at most `upTo` events had been appended. Not to be taken again until told how it went. */
  take(upTo: number): readonly StateRow[];
  committed(): void;
  /** The rows taken last wait again; who waits for them is told. */
  notCommitted(refusal: Refusal): void;
}

export interface StateKeeper {
  readonly store: StateStore;
  readonly pending: PendingState;
}

/**
 * State rows on their way into the group commit. A row goes with the events that are appended after it in the same turn,
 * never before them, so that what an event means and the event itself are on disk together or not at all.
 */
export function createStateStore(options: {
  readonly rows: readonly StateRow[];
  readonly clock: Pick<Clock, "after">;
  /** How many events were appended so far. */
  readonly appended: () => number;
  /** There may be something to commit. */
  readonly nudge: () => void;
}): StateKeeper {
  const waiting = new Map<string, { readonly value: Uint8Array | null; readonly at: number }>();
  let taken: (readonly [string, { readonly value: Uint8Array | null; readonly at: number }])[] = [];
  let flushes: { readonly at: number; readonly done: (refusal: Refusal | null) => void }[] = [];
  let underWay: typeof flushes = [];
  let lazy = false;
  let due = false;

  const store: StateStore = {
    *all(prefix) {
      for (const [key, value] of options.rows) if (key.startsWith(prefix) && value !== null) yield [key, value];
    },
    put(key, value) {
      waiting.set(key, { value, at: options.appended() });
      if (lazy) return;
      lazy = true;
      options.clock.after(LAZY_MS, () => {
        lazy = false;
        due = true;
        options.nudge();
      });
    },
    flush(done) {
      if (waiting.size === 0 && taken.length === 0) {
        queueMicrotask(() => done(null));
        return;
      }
      if (waiting.size === 0) underWay.push({ at: 0, done });
      else {
        flushes.push({ at: options.appended(), done });
        options.nudge();
      }
    },
  };

  return {
    store,
    pending: {
      wanted: () => flushes.length > 0 || (due && waiting.size > 0),
      take(upTo) {
        const rows: StateRow[] = [];
        for (const entry of waiting) {
          const [key, { value, at }] = entry;
          if (at > upTo) continue;
          rows.push([key, value]);
          taken.push(entry);
        }
        for (const [key] of taken) waiting.delete(key);
        underWay = flushes.filter(({ at }) => at <= upTo);
        flushes = flushes.filter(({ at }) => at > upTo);
        if (waiting.size === 0) due = false;
        return rows;
      },
      committed() {
        const told = underWay;
        taken = [];
        underWay = [];
        for (const { done } of told) done(null);
      },
      notCommitted(refusal) {
        for (const [key, row] of taken) if (!waiting.has(key)) waiting.set(key, row);
        const told = underWay;
        taken = [];
        underWay = [];
        for (const { done } of told) done(refusal);
      },
    },
  };
}
