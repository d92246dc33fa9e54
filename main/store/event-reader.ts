import type { Database } from "better-sqlite3";
import type { ErrorCode } from "../contract/errors.ts";
import { TEXT_PROBE_BYTES, toEventId } from "../hub/event-view.ts";
import type { HubEvent } from "../hub/ports.ts";
import { fromKind } from "./stored-codes.ts";
import { INLINE_BYTES } from "./stored-body.ts";
import { fromStoredHead, type StoredHead } from "./stored-head.ts";

/** A row of `events`: what scans and filters look at. */
export interface EventRow {
  readonly seq: number;
  readonly receivedAt: number;
  readonly kind: number;
  readonly topicId: number;
  readonly sourceId: number | null;
  readonly methodId: number | null;
  readonly status: number | null;
  readonly size: number;
  readonly hops: number;
  readonly refusalId: number | null;
  readonly causeSeq: number | null;
  readonly traceSeq: number | null;
  readonly duplicateOfSeq: number | null;
}

/** For SELECT lists: the columns of `events e` under an EventRow's names. */
export const EVENT_ROW_SQL = `e.seq, e.received_at AS receivedAt, e.kind, e.topic_id AS topicId, e.source_id AS sourceId,
  e.method_id AS methodId, e.status, e.size, e.hops, e.refusal_id AS refusalId, e.cause_seq AS causeSeq, e.trace_seq AS traceSeq,
  e.duplicate_seq AS duplicateOfSeq`;

/** Texts of ids seen lately; thrown away when it has grown to this. */
const MAX_REMEMBERED = 20_000;

/** Four more than are looked at, so that a character that straddles the end is seen to. */
const PREVIEW_BYTES = TEXT_PROBE_BYTES + 4;

export interface EventReader {
  row(seq: number): EventRow | undefined;
  /** The event with the beginning of its body: `preview` is enough for lists, `search` for free text. */
  event(row: EventRow, part: "preview" | "search", logId: string): HubEvent;
  /** The part of an event that free-text search sees. */
  searchable(row: EventRow): Pick<HubEvent, "topic" | "head" | "body" | "truncated">;
}

export function createEventReader(db: Database): EventReader {
  const rowOf = db.prepare<[number], EventRow>(`SELECT ${EVENT_ROW_SQL} FROM events e WHERE e.seq = ?`);
  const topicOf = createLookup(db, "SELECT topic FROM topics WHERE id = ?");
  const nameOf = createLookup(db, "SELECT name FROM names WHERE id = ?");
  const payloadOf = db.prepare<[number], Payload>("SELECT head, body FROM payloads WHERE seq = ?");
  const previewOf = db.prepare<[number], Payload>(`SELECT head, substr(body, 1, ${PREVIEW_BYTES}) AS body FROM payloads WHERE seq = ?`);

  function toEvent(row: EventRow, logId: string, payload: Payload | undefined): HubEvent {
    const head = fromStoredHead(payload?.head ?? null);
    const kind = fromKind(row.kind);
    return {
      seq: row.seq,
      id: toEventId(logId, row.seq),
      receivedAt: row.receivedAt,
      protocol: kind.protocol,
      direction: kind.direction,
      source: row.sourceId === null ? null : nameOf(row.sourceId),
      topic: topicOf(row.topicId),
      contentType: head.contentType,
      body: payload?.body ?? Buffer.alloc(0),
      size: row.size,
      truncated: kind.truncated,
      state: kind.state,
      refusal: row.refusalId === null ? null : (nameOf(row.refusalId) as ErrorCode),
      verdict: kind.verdict,
      verdictCause: head.verdictCause,
      ...(head.verdictMessage === null ? {} : { verdictMessage: head.verdictMessage }),
      duplicateOfSeq: row.duplicateOfSeq,
      retained: kind.retained,
      causeSeq: row.causeSeq,
      traceSeq: row.traceSeq,
      hops: row.hops,
      head: toRequestHead(head, row, nameOf),
      ...(kind.qos === undefined ? {} : { qos: kind.qos }),
      ...(kind.pinned ? { pinned: true } : {}),
      ...(head.attributes === null ? {} : { attributes: head.attributes }),
    };
  }

  return {
    row: (seq) => rowOf.get(seq),
    event: (row, part, logId) => toEvent(row, logId, (part === "preview" ? previewOf : payloadOf).get(row.seq)),
    searchable(row) {
      const event = toEvent(row, "", payloadOf.get(row.seq));
      // A body that goes on in chunks is cut here as a longer one is cut where it is held whole.
      return { topic: event.topic, head: event.head, body: event.body, truncated: event.truncated || event.body.length === INLINE_BYTES };
    },
  };
}

interface Payload {
  readonly head: Buffer | null;
  readonly body: Buffer;
}

function toRequestHead({ request }: StoredHead, row: EventRow, nameOf: (id: number) => string): HubEvent["head"] {
  if (request === null) return null;
  return { ...request, method: row.methodId === null ? "" : nameOf(row.methodId), status: row.status ?? 0 };
}

function createLookup(db: Database, sql: string): (id: number) => string {
  const find = db.prepare<[number], string>(sql).pluck();
  const remembered = new Map<number, string>();
  return (id) => {
    let text = remembered.get(id);
    if (text === undefined) {
      text = find.get(id) ?? "";
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(id, text);
    }
    return text;
  };
}
