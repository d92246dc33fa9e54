import type { EventSummary } from "../../contract/event.ts";

/** The newest events while a feed still reads older ones from the log. Bounded: when it is full it begins anew. */
export interface Backlog {
  /** Every event in order; null for one that the feed's filter does not pass. */
  add(seq: number, item: EventSummary | null): void;
  /** Does it hold every event after `seq` that came since it was made? */
  reachesBackTo(seq: number): boolean;
  take(): EventSummary[];
  /** The newest seq it was given, 0 when none. */
  lastSeen(): number;
}

export function createBacklog(maxItems: number): Backlog {
  const items: EventSummary[] = [];
  let beginsAfter: number | null = null;
  let lastSeen = 0;
  return {
    add(seq, item) {
      beginsAfter ??= seq - 1;
      lastSeen = seq;
      if (item === null) return;
      if (items.length >= maxItems) {
        beginsAfter = items.at(-1)!.seq;
        items.length = 0;
      }
      items.push(item);
    },
    reachesBackTo: (seq) => beginsAfter === null || beginsAfter <= seq,
    take: () => items.splice(0),
    lastSeen: () => lastSeen,
  };
}
