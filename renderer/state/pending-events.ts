import type { EventSummary } from "../../main/contract/event.ts";

/** Events that came while the list is held still: the newest MAX_PENDING of them, and how many there were in all. */
export interface PendingEvents {
  readonly count: number;
  /** What matches after this seq is all in `events`. */
  readonly completeFrom: number;
  readonly events: readonly EventSummary[];
}

export const MAX_PENDING = 1000;

export function startPending(completeFrom: number): PendingEvents {
  return { count: 0, completeFrom, events: [] };
}

export function addPending(pending: PendingEvents, events: readonly EventSummary[]): PendingEvents {
  const all = [...pending.events, ...events];
  const over = Math.max(0, all.length - MAX_PENDING);
  return {
    count: pending.count + events.length,
    completeFrom: over > 0 ? all[over - 1]!.seq : pending.completeFrom,
    events: over > 0 ? all.slice(over) : all,
  };
}
