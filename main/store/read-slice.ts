import { accept, type Result } from "../contract/errors.ts";
import { matchesTopic } from "../contract/topic.ts";
import type { HubEvent, LogRead, LogSlice } from "../hub/ports.ts";
import { EVENT_ROW_SQL, type EventRow } from "./event-reader.ts";
import type { LogReader } from "./log-reader.ts";
import { fromKind } from "./stored-codes.ts";

/** Rows looked at in one go, and in one slice: a filter that matches nothing must not hold a reader for long. */
const ROWS_AT_ONCE = 500;
const MAX_ROWS = 20_000;

type Row = EventRow & { readonly topic: string };

/** A follower's next events, with their bodies. */
export function readSlice(reader: LogReader, { after, filters, maxEvents, maxBytes }: LogRead): Result<LogSlice> {
  const rows = reader.db.prepare<[number, number], Row>(
    `SELECT ${EVENT_ROW_SQL}, t.topic FROM events e JOIN topics t ON t.id = e.topic_id WHERE e.seq > ? ORDER BY e.seq LIMIT ?`,
  );
  const events: HubEvent[] = [];
  let cursor = after;
  let bytes = 0;
  for (let looked = 0; looked < MAX_ROWS; looked += ROWS_AT_ONCE) {
    const last = reader.lastSeq(); // Asked first: what is committed meanwhile may be among the rows, and is not passed over.
    const found = rows.all(cursor, ROWS_AT_ONCE);
    for (const row of found) {
      cursor = row.seq;
      if (fromKind(row.kind).state !== "accepted" || !isWanted(filters, row.topic)) continue;
      const event = readWhole(reader, row);
      events.push(event);
      bytes += event.body.length + headChars(event.head);
      if (events.length >= maxEvents || bytes >= maxBytes) return accept({ events, cursor, more: cursor < reader.lastSeq() });
    }
    // The newest events may have left no rows: they have been looked at as well.
    if (found.length < ROWS_AT_ONCE) return accept({ events, cursor: Math.max(cursor, last), more: false });
  }
  return accept({ events, cursor, more: true });
}

/** What comes with a body: a webhook's header lines may be longer than it. */
function headChars(head: HubEvent["head"]): number {
  let chars = 0;
  for (const [name, value] of head?.headers ?? []) chars += name.length + value.length;
  return chars + (head?.target.length ?? 0);
}

function isWanted(filters: readonly string[] | null, topic: string): boolean {
  return filters === null || filters.some((filter) => matchesTopic(filter, topic));
}

/** Some of the retained events, by topic id; `next` goes on from there, and is null at the end. */
export interface RetainedPage {
  readonly events: readonly HubEvent[];
  readonly next: number | null;
}

/** The retained events of the topics whose id is above `after`. */
export function readRetained(reader: LogReader, after: number, limit: number): RetainedPage {
  const rows = reader.db
    .prepare<[number, number], EventRow>(
      `SELECT ${EVENT_ROW_SQL} FROM retained r JOIN events e ON e.seq = r.seq WHERE r.topic_id > ? ORDER BY r.topic_id LIMIT ?`,
    )
    .all(after, limit);
  const events = rows.map((row) => readWhole(reader, row));
  return { events, next: rows.length < limit ? null : rows.at(-1)!.topicId };
}

function readWhole(reader: LogReader, row: EventRow): HubEvent {
  const event = reader.events.event(row, "preview", reader.logId);
  const body = reader.bodies.read(row.seq, 0, reader.bodies.storedBytes(row.seq) ?? 0);
  // A copy of its own: what crosses the threads is the whole memory a view lies in.
  return { ...event, body: new Uint8Array(body) };
}
