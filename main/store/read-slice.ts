import { accept, type Result } from "../contract/errors.ts";
import type { Filter } from "../contract/filter.ts";
import { matchesTopic } from "../contract/topic.ts";
import type { HubEvent, LogRead, LogSlice } from "../hub/ports.ts";
import type { EventRow } from "./event-reader.ts";
import { walkFiltered } from "./filtered-walk.ts";
import type { LogReader } from "./log-reader.ts";
import { INLINE_BYTES } from "./stored-body.ts";

/** How long is looked for a slice; then there is what was found, and how far it got. */
const SLICE_BUDGET_MS = 60;
const ROWS_AT_ONCE = 256;

/** Accepted events on matching topics with their bodies, oldest first. */
export async function readSlice(reader: LogReader, { after, filters, maxEvents, maxBytes }: LogRead): Promise<Result<LogSlice>> {
  const { first, last } = reader.atOnce(() => ({ first: reader.firstSeq(), last: reader.lastSeq() }));
  const filter: Filter = [
    { field: "topic", not: false, filters },
    { field: "state", not: false, values: ["accepted"] },
  ];
  const events: HubEvent[] = [];
  let bytes = 0;
  const range = { lowest: Math.max(after + 1, first), highest: last, descending: false };
  const end = await walkFiltered(reader, filter, range, SLICE_BUDGET_MS, (window, indexed, select) => {
    const rows = select.rows(window, indexed, ROWS_AT_ONCE);
    for (const row of rows) {
      const event = readWhole(reader, row);
      if (event.state !== "accepted" || !filters.some((one) => matchesTopic(one, event.topic))) continue;
      events.push(event);
      bytes += event.body.length;
      if (events.length === maxEvents || bytes > maxBytes) return null;
    }
    return rows.length === ROWS_AT_ONCE ? rows.at(-1)!.seq : window.highest;
  });
  const cursor = end === "end" ? Math.max(after, last) : end === "found" ? events.at(-1)!.seq : end.stoppedAt;
  return accept({ events, cursor, more: cursor < last });
}

export interface RetainedPage {
  readonly events: readonly HubEvent[];
  /** Give it as `after` to go on; null at the end. */
  readonly next: number | null;
}

/** The retained events in order of topic id, a page of them. */
export function readRetained(reader: LogReader, after: number, limit: number): RetainedPage {
  return reader.atOnce(() => {
    const found = reader.db
      .prepare<[number, number], { topicId: number; seq: number }>(
        "SELECT topic_id AS topicId, seq FROM retained WHERE topic_id > ? ORDER BY topic_id LIMIT ?",
      )
      .all(after, limit);
    const events = found.flatMap(({ seq }) => {
      const row = reader.events.row(seq);
      return row ? [readWhole(reader, row)] : [];
    });
    return { events, next: found.length < limit ? null : found.at(-1)!.topicId };
  });
}

function readWhole(reader: LogReader, row: EventRow): HubEvent {
  const event = reader.events.event(row, "search", reader.logId);
  if (event.body.length < INLINE_BYTES) return event;
  return { ...event, body: reader.bodies.read(row.seq, 0, Number.MAX_SAFE_INTEGER) };
}
