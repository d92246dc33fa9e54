import type { EventSummary } from "../../main/contract/event.ts";
import type { SessionEvent } from "../../main/contract/session.ts";
import { indexOfSeq } from "./event-slice.ts";

/** The Events list's rows from the newest down: events of a slice, and between them what became of sessions. */
export interface Rows {
  readonly count: number;
  at(row: number): RowItem;
  /** Where the event at this index of the slice stands. */
  readonly rowOf: (index: number) => number;
  /** Where the event stands, or -1. */
  rowOfSeq(seq: number): number;
}

export type RowItem =
  | { readonly kind: "event"; readonly event: EventSummary; readonly index: number }
  | { readonly kind: "session"; readonly session: SessionEvent };

/** A session event, and how many of the slice's events are newer. */
interface Mark {
  readonly session: SessionEvent;
  readonly newer: number;
}

/**
 * Puts session events (oldest first) where they belong among a slice's events (oldest first): behind the event that was
 * the newest when they happened. Those from before the slice or after `newestSeq` are left out, as events there are.
 */
export function interleave(
  events: readonly EventSummary[],
  sessions: readonly SessionEvent[],
  range: { readonly atOldest: boolean; readonly newestSeq: number },
): Rows {
  const marks: Mark[] = [];
  const oldest = range.atOldest ? -1 : (events[0]?.seq ?? Number.POSITIVE_INFINITY);
  for (const session of sessions) {
    if (session.afterSeq < oldest || session.afterSeq > range.newestSeq) continue;
    marks.push({ session, newer: events.length - countUpTo(events, session.afterSeq) });
  }
  marks.reverse(); // the newest first, as the rows are

  /** How many marks stand above the event that `newer` events are above. */
  const marksAbove = (newer: number): number => firstIndex(marks.length, (at) => marks[at]!.newer > newer);
  const rowOf = (index: number): number => {
    const newer = events.length - 1 - index;
    return newer + marksAbove(newer);
  };
  return {
    count: events.length + marks.length,
    rowOf,
    rowOfSeq(seq) {
      const index = indexOfSeq(events, seq);
      return index < 0 ? -1 : rowOf(index);
    },
    at(row) {
      // The mark at position m stands at row m + newer: rows grow with m.
      const marksBefore = firstIndex(marks.length, (at) => at + marks[at]!.newer >= row);
      const mark = marks[marksBefore];
      if (mark && marksBefore + mark.newer === row) return { kind: "session", session: mark.session };
      const index = events.length - 1 - (row - marksBefore);
      return { kind: "event", event: events[index]!, index };
    },
  };
}

/** By how many rows what is at `top` and below has moved between two states of the list; 0 when nothing of it is left. */
export function movedRows(before: Rows, now: Rows, top: number): number {
  for (let row = top; row < Math.min(before.count, top + LOOKED_AT); row += 1) {
    const item = before.at(row);
    const to = item.kind === "event" ? now.rowOfSeq(item.event.seq) : -1;
    if (to >= 0) return to - row;
  }
  return 0;
}

/** About a screen. */
const LOOKED_AT = 60;

/** The first index from which on `is` holds, or `count`. */
function firstIndex(count: number, is: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function countUpTo(events: readonly EventSummary[], seq: number): number {
  return firstIndex(events.length, (index) => events[index]!.seq > seq);
}
