import { DELIVERY_STATES, fromDeliveryId, toDeliveryId } from "../contract/delivery.ts";
import type {
  AttemptCause,
  AttemptInfo,
  DeliveryDetail,
  DeliveryFilter,
  DeliveryInfo,
  DeliveryPage,
  DeliveryQuery,
} from "../contract/delivery.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import type { HeaderList } from "../contract/event.ts";
import { toEventId } from "../hub/event-view.ts";
import type { StoredDelivery } from "../hub/ports.ts";
import { ATTEMPTS_PER_DELIVERY, stateCode } from "./delivery-rows.ts";
import type { LogReader } from "./log-reader.ts";
import { toSeq } from "./read-event.ts";

const DEFAULT_PAGE = 100;

interface DeliveryRow {
  readonly id: number;
  readonly endpoint: string;
  readonly seq: number;
  readonly topic: string | null;
  readonly state: number;
  readonly attempts: number;
  readonly created_at: number;
  readonly changed_at: number;
  readonly delay_ms: number;
  readonly redelivery_of: number | null;
  readonly status: number | null;
  readonly cause: AttemptCause | null;
}

interface AttemptRow {
  readonly id: number;
  readonly started_at: number;
  readonly took_ms: number | null;
  readonly status: number | null;
  readonly cause: AttemptCause | null;
  readonly message: string | null;
  readonly headers: string | null;
  readonly body: Buffer | null;
  readonly truncated: number;
}

const ROWS = `SELECT d.*, p.name AS endpoint, t.topic AS topic FROM deliveries d JOIN endpoints p ON p.id = d.endpoint_id
  LEFT JOIN events e ON e.seq = d.seq LEFT JOIN topics t ON t.id = e.topic_id`;

/** Deliveries, newest first. */
export function listDeliveries(reader: LogReader, query: DeliveryQuery): Result<DeliveryPage> {
  const { before, limit = DEFAULT_PAGE } = query;
  const from = before === undefined ? Number.MAX_SAFE_INTEGER : fromDeliveryId(before);
  if (from === null) return notFound(before ?? "");
  const { sql, values } = toConditions(reader, query);
  const rows = reader.db
    .prepare<unknown[], DeliveryRow>(`${ROWS} WHERE d.id < ?${sql} ORDER BY d.id DESC LIMIT ?`)
    .all(from, ...values, limit + 1);
  const deliveries = rows.slice(0, limit).map((row) => toInfo(reader, row));
  return accept({ deliveries, cursor: rows.length > limit ? (deliveries.at(-1)?.id ?? null) : null });
}

/** One delivery with all its attempts. */
export function readDelivery(reader: LogReader, id: string): Result<DeliveryDetail> {
  const number = fromDeliveryId(id);
  return reader.atOnce(() => {
    const row = number === null ? undefined : reader.db.prepare<[number], DeliveryRow>(`${ROWS} WHERE d.id = ?`).get(number);
    if (row === undefined) return notFound(id);
    const attempts = reader.db
      .prepare<[number, number], AttemptRow>("SELECT * FROM delivery_attempts WHERE id >= ? AND id < ? ORDER BY id")
      .all(row.id * ATTEMPTS_PER_DELIVERY, (row.id + 1) * ATTEMPTS_PER_DELIVERY);
    return accept({ ...toInfo(reader, row), attemptList: attempts.map(toAttempt) });
  });
}

/** Finished deliveries, oldest first, that none has been made anew of; one more than `limit` when there are more. */
export function readRepeatable(reader: LogReader, filter: DeliveryFilter, limit: number): Result<readonly StoredDelivery[]> {
  const { sql, values } = toConditions(reader, filter);
  const rows = reader.db
    .prepare<unknown[], StoredDelivery>(
      `SELECT d.id, d.endpoint_id AS endpointId, d.seq, d.attempts, d.failures, d.lane, d.created_at AS createdAt,
       d.redelivery_of AS redeliveryOf FROM deliveries d JOIN endpoints p ON p.id = d.endpoint_id
       WHERE d.state >= ${stateCode("succeeded")}${sql}
       AND NOT EXISTS (SELECT 1 FROM deliveries n WHERE n.seq = d.seq AND n.endpoint_id = d.endpoint_id AND n.id > d.id)
       ORDER BY d.id LIMIT ?`,
    )
    .all(...values, limit + 1);
  return accept(rows);
}

function toConditions(reader: LogReader, { endpoint, state, eventId, from, to }: DeliveryFilter): { sql: string; values: unknown[] } {
  const conditions: [string, unknown][] = [];
  if (endpoint !== undefined) conditions.push(["p.name = ?", endpoint]);
  if (state !== undefined) conditions.push(["d.state = ?", stateCode(state)]);
  if (eventId !== undefined) conditions.push(["d.seq = ?", toSeq(eventId, reader.logId) ?? -1]);
  if (from !== undefined) conditions.push(["d.created_at >= ?", from]);
  if (to !== undefined) conditions.push(["d.created_at < ?", to]);
  return { sql: conditions.map(([sql]) => ` AND ${sql}`).join(""), values: conditions.map(([, value]) => value) };
}

function toInfo(reader: LogReader, row: DeliveryRow): DeliveryInfo {
  const state = DELIVERY_STATES[row.state] ?? "dead";
  return {
    id: toDeliveryId(row.id),
    endpoint: row.endpoint,
    eventId: toEventId(reader.logId, row.seq),
    seq: row.seq,
    topic: row.topic,
    state,
    attempts: row.attempts,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    nextAttemptAt: state === "waiting" ? row.changed_at + row.delay_ms : null,
    redeliveryOf: row.redelivery_of === null ? null : toDeliveryId(row.redelivery_of),
    status: row.status,
    cause: row.cause,
  };
}

function toAttempt(row: AttemptRow): AttemptInfo {
  return {
    attempt: row.id % ATTEMPTS_PER_DELIVERY,
    startedAt: row.started_at,
    tookMs: row.took_ms,
    status: row.status,
    cause: row.cause,
    message: row.message,
    headers: row.headers === null ? [] : (JSON.parse(row.headers) as HeaderList), // written by delivery-rows.ts alone
    base64: row.body?.toString("base64") ?? "",
    truncated: row.truncated === 1,
  };
}

function notFound(id: string): Result<never> {
  return refuse("DELIVERY_NOT_FOUND", `There is no delivery "${id}". It may have been so long ago that it is no longer kept.`, { id });
}
