import { MAX_PAGE, type EventPage, type EventQuery } from "../contract/calls.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import type { EventSummary } from "../contract/event.ts";
import { parseFilter, passesFilter, type Filter } from "../contract/filter.ts";
import { searchTextOf, toSummary } from "../hub/event-view.ts";
import type { EventRow } from "./event-reader.ts";
import { walkFiltered } from "./filtered-walk.ts";
import type { LogReader } from "./log-reader.ts";
import type { SeqRange } from "./seq-walk.ts";

/** How long a page is searched for; then what there is is answered, with the cursor to go on from. */
const PAGE_BUDGET_MS = 120;
const DEFAULT_PAGE = 100;
/** A page ends early where long topics, targets or header lines would make it longer. */
const MAX_PAGE_CHARS = 2 * 1024 * 1024;
/** Of a summary's names, numbers and punctuation. */
const SUMMARY_CHARS = 512;
/** Candidates fetched at once: bounds the work between two looks at the clock. */
const ROWS_AT_ONCE = 256;

/** Reads one page. `now` is what relative times in the filter count from. */
export async function runQuery(reader: LogReader, query: EventQuery, now: number): Promise<Result<EventPage>> {
  const { after, before, headers = false } = query;
  if (after !== undefined && before !== undefined)
    return refuse("PARAMS_INVALID", "A page goes forward from `after` or back from `before`: give one of them.");
  const parsed = parseFilter(query.filter ?? "", now);
  if (!parsed.ok) return parsed;
  const filter = parsed.value;
  const limit = Math.max(1, Math.min(MAX_PAGE, Math.floor(query.limit ?? DEFAULT_PAGE)));

  const { first, last } = reader.atOnce(() => ({ first: reader.firstSeq(), last: reader.lastSeq() }));
  const range: SeqRange =
    after === undefined
      ? { lowest: Math.max(1, first), highest: Math.min(last, (before ?? Number.POSITIVE_INFINITY) - 1), descending: true }
      : { lowest: Math.max(after + 1, first), highest: last, descending: false };
  const events: EventSummary[] = [];
  let chars = 0;

  const end = await walkFiltered(reader, filter, range, PAGE_BUDGET_MS, (window, indexed, select) => {
    const rows = select.rows(window, indexed, ROWS_AT_ONCE);
    for (const row of rows) {
      const event = toPassing(reader, row, filter, headers);
      if (!event) continue;
      events.push(event);
      chars += charsOf(event);
      if (events.length === limit || chars > MAX_PAGE_CHARS) return null;
    }
    if (rows.length === ROWS_AT_ONCE) return rows.at(-1)!.seq;
    return range.descending ? window.lowest : window.highest;
  });

  const nothingLeft = range.descending ? Math.max(1, first) : Math.max(after ?? 0, last);
  const cursor = end === "end" ? nothingLeft : end === "found" ? events.at(-1)!.seq : end.stoppedAt;
  return accept({ events, cursor, last, more: end !== "end" });
}

/** About as many as the summary has as JSON. */
function charsOf({ topic, path, contentType, preview, headers = [] }: EventSummary): number {
  let chars = SUMMARY_CHARS + topic.length + (path?.length ?? 0) + (contentType?.length ?? 0) + (preview?.length ?? 0);
  for (const [name, value] of headers) chars += name.length + value.length;
  return chars;
}

/** The event's summary when it passes. Its text is only read when a term of the filter asks for it. */
function toPassing(reader: LogReader, row: EventRow, filter: Filter, headers: boolean): EventSummary | null {
  const event = reader.events.event(row, "preview", reader.logId);
  const summary = toSummary(event, reader.logId);
  if (!passesFilter(filter, summary, () => searchTextOf(reader.events.searchable(row)))) return null;
  return headers ? { ...summary, headers: event.head?.headers ?? [] } : summary;
}
