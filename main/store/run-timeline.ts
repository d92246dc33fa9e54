import type { Timeline } from "../contract/calls.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import { parseFilter, passesFilter, type Filter } from "../contract/filter.ts";
import { searchTextOf, toSummary } from "../hub/event-view.ts";
import { walkFiltered } from "./filtered-walk.ts";
import type { LogReader } from "./log-reader.ts";

const COUNT_BUDGET_MS = 150;
const ROWS_AT_ONCE = 256;
const MAX_BUCKETS = 500;

export interface TimelineParams {
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
  readonly filter: string | undefined;
}

/** Counts events per bucket of time. `now` is what relative times in the filter count from. */
export async function runTimeline(reader: LogReader, params: TimelineParams, now: number): Promise<Result<Timeline>> {
  const { from, to } = params;
  const buckets = Math.max(1, Math.min(MAX_BUCKETS, Math.floor(params.buckets)));
  if (!(to > from)) return refuse("PARAMS_INVALID", "A timeline needs a `to` later than its `from`.");
  const parsed = parseFilter(params.filter ?? "", now);
  if (!parsed.ok) return parsed;
  if (parsed.value.length === 0) return accept(countAll(reader, from, to, buckets));
  return accept(await countFiltered(reader, parsed.value, from, to, buckets));
}

/** Where each bucket begins is looked up; what lies between is not read, so deleted events would count as well. */
function countAll(reader: LogReader, from: number, to: number, buckets: number): Timeline {
  return reader.atOnce(() => {
    const find = createTimeFinder(reader);
    const borders = Array.from({ length: buckets + 1 }, (_, index) => find(from + ((to - from) * index) / buckets));
    const counts = borders.slice(1).map((border, index) => Math.max(0, border - borders[index]!));
    return { from, to, counts, complete: true, countedFrom: from };
  });
}

/** First seq received at or after a time, by halving: right as far as the clock ran forward. */
function createTimeFinder(reader: LogReader): (at: number) => number {
  const first = Math.max(1, reader.firstSeq());
  const past = reader.lastSeq() + 1;
  const receivedAt = reader.db.prepare<[number], number>("SELECT received_at FROM events WHERE seq >= ? ORDER BY seq LIMIT 1").pluck();
  let known = first;
  return (at) => {
    let [low, high] = [known, past];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((receivedAt.get(middle) ?? Number.POSITIVE_INFINITY) < at) low = middle + 1;
      else high = middle;
    }
    known = low;
    return low;
  };
}

/** Newest first, so that what is left out when time runs short is the oldest. */
async function countFiltered(reader: LogReader, filter: Filter, from: number, to: number, buckets: number): Promise<Timeline> {
  const counts = Array<number>(buckets).fill(0);
  const bucketMs = (to - from) / buckets;
  const add = (bucket: number, count: number): void => {
    counts[Math.min(bucket, buckets - 1)]! += count;
  };
  const within: Filter = [...filter, { field: "after", not: false, at: from }, { field: "before", not: false, at: to }];
  const range = reader.atOnce(() => ({ lowest: Math.max(1, reader.firstSeq()), highest: reader.lastSeq(), descending: true }));
  const end = await walkFiltered(reader, within, range, COUNT_BUDGET_MS, (window, indexed, select) => {
    if (select.decides(indexed)) {
      for (const { bucket, count } of select.counts(window, indexed, from, bucketMs)) add(bucket, count);
      return window.lowest;
    }
    const rows = select.rows(window, indexed, ROWS_AT_ONCE);
    for (const row of rows) {
      const summary = toSummary(reader.events.event(row, "preview", reader.logId), reader.logId);
      if (passesFilter(within, summary, () => searchTextOf(reader.events.searchable(row))))
        add(Math.floor((row.receivedAt - from) / bucketMs), 1);
    }
    return rows.length === ROWS_AT_ONCE ? rows.at(-1)!.seq : window.lowest;
  });
  if (typeof end === "string") return { from, to, counts, complete: true, countedFrom: from };
  const stoppedAt = reader.db
    .prepare<[number], number>("SELECT received_at FROM events WHERE seq >= ? ORDER BY seq LIMIT 1")
    .pluck()
    .get(end.stoppedAt);
  return withoutUnknown(counts, { from, to, bucketMs, countedFrom: Math.max(from, stoppedAt ?? from) });
}

/** The bucket the count stopped in is only partly known: it is given as unknown, like those before it. */
function withoutUnknown(counts: number[], known: { from: number; to: number; bucketMs: number; countedFrom: number }): Timeline {
  const first = Math.min(counts.length, Math.ceil((known.countedFrom - known.from) / known.bucketMs));
  counts.fill(0, 0, first);
  return { from: known.from, to: known.to, counts, complete: false, countedFrom: known.from + first * known.bucketMs };
}
