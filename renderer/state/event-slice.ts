import type { EventSummary } from "../../main/contract/event.ts";

/** The part of the log the window holds: consecutive matching events, oldest first, never more than MAX_SLICE. */
export interface EventSlice {
  readonly events: readonly EventSummary[];
  /** Nothing older matches. */
  readonly atOldest: boolean;
  /** Where to go on with older ones (exclusive). */
  readonly olderCursor: number;
  /** Everything that matches up to this seq is here, back to the first one held. */
  readonly newestSeq: number;
  /** Rows ever put in at the newest end less those taken away there: how far the rows below have moved. */
  readonly shift: number;
}

export const MAX_SLICE = 5000;

export const EMPTY_SLICE: EventSlice = { events: [], atOldest: false, olderCursor: Number.MAX_SAFE_INTEGER, newestSeq: 0, shift: 0 };

/** Adds events newer than all held; what exceeds the bound falls out at the oldest end. `newestSeq` is what is complete then. */
export function addNewer(slice: EventSlice, newer: readonly EventSummary[], newestSeq: number): EventSlice {
  const fresh = newer.length > 0 && newer[0]!.seq <= slice.newestSeq ? newer.filter((one) => one.seq > slice.newestSeq) : newer;
  const all = fresh.length === 0 ? slice.events : [...slice.events, ...fresh];
  const over = Math.max(0, all.length - MAX_SLICE);
  const events = over > 0 ? all.slice(over) : all;
  return {
    events,
    atOldest: slice.atOldest && over === 0,
    olderCursor: over > 0 ? events[0]!.seq : slice.olderCursor,
    newestSeq: Math.max(slice.newestSeq, newestSeq, fresh.at(-1)?.seq ?? 0),
    shift: slice.shift + fresh.length,
  };
}

/** Adds a page of older events (newest first, as the hub answers); what exceeds the bound falls out at the newest end. */
export function addOlder(
  slice: EventSlice,
  page: { readonly events: readonly EventSummary[]; readonly cursor: number; readonly more: boolean },
): EventSlice {
  const all = [...page.events.toReversed(), ...slice.events];
  const over = Math.max(0, all.length - MAX_SLICE);
  const events = over > 0 ? all.slice(0, -over) : all;
  return {
    events,
    atOldest: !page.more,
    olderCursor: page.cursor,
    newestSeq: over > 0 ? events.at(-1)!.seq : slice.newestSeq,
    shift: slice.shift - over,
  };
}

/** A slice that begins anew with these events, older ones to be loaded when asked for. */
export function startSlice(events: readonly EventSummary[], newestSeq: number, shift: number): EventSlice {
  const kept = events.slice(-MAX_SLICE);
  return { events: kept, atOldest: false, olderCursor: kept[0]?.seq ?? newestSeq + 1, newestSeq, shift };
}

/** The position of a seq in the slice, or -1. */
export function indexOfSeq(events: readonly EventSummary[], seq: number): number {
  let [low, high] = [0, events.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return events[low]?.seq === seq ? low : -1;
}
