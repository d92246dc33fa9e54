import { accept, refuse, type Result } from "../contract/errors.ts";
import type { Filter } from "../contract/filter.ts";
import type { HistoryPoint, TopicHistory } from "../contract/topic-view.ts";
import type { HistoryRead } from "../hub/ports.ts";
import { walkFiltered } from "./filtered-walk.ts";
import { createLastSeqFinder } from "./list-topics.ts";
import type { LogReader } from "./log-reader.ts";
import { numericFields, toJsonPaths } from "./numeric-fields.ts";
import { INLINE_BYTES } from "./stored-body.ts";

const BUDGET_MS = 250;
const MAX_BUCKETS = 500;

interface Sum {
  min: number;
  max: number;
  sum: number;
  count: number;
}

/** The least, greatest and mean value of a numeric field in each bucket of time, of JSON bodies up to 16 KiB. */
export async function runHistory(reader: LogReader, wanted: HistoryRead): Promise<Result<TopicHistory>> {
  const { topic, from, to } = wanted;
  if (!(to > from)) return refuse("PARAMS_INVALID", "A history needs a `to` later than its `from`.");
  const bucketMs = (to - from) / Math.max(1, Math.min(MAX_BUCKETS, Math.floor(wanted.buckets)));
  const fields = fieldsOf(reader, topic);
  const field = wanted.field ?? fields[0] ?? null;
  const nothing: TopicHistory = { from, to, bucketMs, fields, field, points: [], complete: true, knownFrom: from };
  if (field === null) return accept(nothing);
  const paths = toJsonPaths(field);
  if (paths === null)
    return refuse("PARAMS_INVALID", `"${field}" is not a JSON pointer (RFC 6901) of a field that can be drawn.`, { parameter: "field" });

  const filter: Filter = [
    { field: "topic", not: false, filters: [topic] },
    { field: "state", not: false, values: ["accepted"] },
    { field: "after", not: false, at: from },
    { field: "before", not: false, at: to },
  ];
  const sums = new Map<number, Sum>();
  const range = reader.atOnce(() => ({ lowest: Math.max(1, reader.firstSeq()), highest: reader.lastSeq(), descending: true }));
  const end = await walkFiltered(reader, filter, range, BUDGET_MS, (window, indexed, select) => {
    for (const { bucket, min, max, sum, count } of select.numbers(window, indexed, from, bucketMs, paths)) {
      const before = sums.get(bucket);
      sums.set(
        bucket,
        before
          ? { min: Math.min(before.min, min), max: Math.max(before.max, max), sum: before.sum + sum, count: before.count + count }
          : { min, max, sum, count },
      );
    }
    return window.lowest;
  });
  const knownFrom = typeof end === "string" ? from : Math.max(from, receivedAt(reader, end.stoppedAt) ?? from);
  return accept({ ...nothing, points: toPoints(sums, from, bucketMs), complete: typeof end === "string", knownFrom });
}

function toPoints(sums: ReadonlyMap<number, Sum>, from: number, bucketMs: number): HistoryPoint[] {
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([bucket, { min, max, sum, count }]) => ({ at: Math.round(from + bucket * bucketMs), min, max, avg: sum / count, count }));
}

/** What the topic's newest event has that can be drawn. */
function fieldsOf(reader: LogReader, topic: string): string[] {
  return reader.atOnce(() => {
    const [id] = reader.lookup.topicIds([topic]);
    const seq = id === undefined ? 0 : createLastSeqFinder(reader)(id);
    return seq === 0 ? [] : numericFields(reader.bodies.read(seq, 0, INLINE_BYTES).toString("utf8"));
  });
}

function receivedAt(reader: LogReader, seq: number): number | undefined {
  return reader.db.prepare<[number], number>("SELECT received_at FROM events WHERE seq >= ? ORDER BY seq LIMIT 1").pluck().get(seq);
}
