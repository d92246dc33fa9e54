import type { Database } from "better-sqlite3";
import { DELIVERY_STATES, type DeliveryState } from "../contract/delivery.ts";
import type { AttemptEnd, DeliveryWrite, StoredEndpoint, UnfinishedDelivery } from "../hub/ports.ts";

/** What the outbox was when the log was opened. */
export interface OpenedDeliveries {
  readonly endpoints: readonly StoredEndpoint[];
  readonly unfinished: readonly UnfinishedDelivery[];
  readonly lastId: number;
  readonly lastEndpointId: number;
}

/** Attempts of a delivery have ids of its own from here on. */
export const ATTEMPTS_PER_DELIVERY = 1024;
/** So many of the newest deliveries are kept when they succeeded, and when they did not. */
const SUCCEEDED_KEPT = 100_000;
const DEAD_KEPT = 1_000_000;
/** … and of so many, what they were answered: at most 64 KiB each. */
const ANSWERS_KEPT = 4000;
const PRUNE_EVERY = 256;

const WAITING = DELIVERY_STATES.indexOf("waiting");
const SENDING = DELIVERY_STATES.indexOf("sending");
const SUCCEEDED = DELIVERY_STATES.indexOf("succeeded");

export function stateCode(state: DeliveryState): number {
  return DELIVERY_STATES.indexOf(state);
}

export function readOpenedDeliveries(db: Database): OpenedDeliveries {
  const endpoints = db.prepare<[], StoredEndpoint>("SELECT id, name, settings, cursor FROM endpoints ORDER BY id").all();
  const rows = db
    .prepare<[], Omit<UnfinishedDelivery, "state"> & { readonly state: number }>(
      `SELECT id, endpoint_id AS endpointId, seq, attempts, failures, lane, created_at AS createdAt, changed_at AS changedAt,
       delay_ms AS delayMs, redelivery_of AS redeliveryOf, state FROM deliveries
       WHERE endpoint_id IN (SELECT id FROM endpoints) AND state IN (${WAITING}, ${SENDING}) ORDER BY id`,
    )
    .all();
  const unfinished = rows.map((row) => ({ ...row, state: row.state === SENDING ? ("sending" as const) : ("waiting" as const) }));
  const lastId = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'deliveries'").pluck().get() ?? 0;
  const lastEndpointId = db
    .prepare<[], number>("SELECT max(ifnull((SELECT max(id) FROM endpoints), 0), ifnull((SELECT max(endpoint_id) FROM deliveries), 0))")
    .pluck()
    .get();
  return { endpoints, unfinished, lastId, lastEndpointId: lastEndpointId ?? 0 };
}

export interface DeliveryWriter {
  /** In the transaction that is open. */
  write(writes: readonly DeliveryWrite[]): void;
}

export function createDeliveryWriter(db: Database): DeliveryWriter {
  const putEndpoint = db.prepare<[number, string, string, number]>(
    `INSERT INTO endpoints (id, name, settings, cursor) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings, cursor = max(cursor, excluded.cursor)`,
  );
  const moveCursor = db.prepare<[number, number]>("UPDATE endpoints SET cursor = ? WHERE id = ?");
  const add = db.prepare(
    `INSERT INTO deliveries (id, endpoint_id, seq, state, lane, created_at, changed_at, redelivery_of)
     VALUES (?, ?, ?, ${WAITING}, ?, ?, ?, ?)`,
  );
  const begin = db.prepare<[number, number, number]>(`UPDATE deliveries SET state = ${SENDING}, attempts = ?, changed_at = ? WHERE id = ?`);
  const addAttempt = db.prepare<[number, number]>("INSERT INTO delivery_attempts (id, started_at) VALUES (?, ?)");
  const end = db.prepare("UPDATE deliveries SET state = ?, failures = ?, delay_ms = ?, changed_at = ?, status = ?, cause = ? WHERE id = ?");
  const endAttempt = db.prepare(
    "UPDATE delivery_attempts SET took_ms = ?, status = ?, cause = ?, message = ?, headers = ?, body = ?, truncated = ? WHERE id = ?",
  );
  const forget = db.prepare<[number]>("DELETE FROM endpoints WHERE id = ?");
  const prune = createPruner(db);
  let untilPruned = 0;

  function apply(one: DeliveryWrite): void {
    switch (one.t) {
      case "endpoint":
        return void putEndpoint.run(one.endpoint.id, one.endpoint.name, one.endpoint.settings, one.endpoint.cursor);
      case "forget":
        return void forget.run(one.endpointId); // Its deliveries are pruned, a few at a time.
      case "cursor":
        return void moveCursor.run(one.cursor, one.endpointId);
      case "add": {
        const { id, endpointId, seq, lane, createdAt, redeliveryOf } = one.delivery;
        add.run(id, endpointId, seq, lane, createdAt, createdAt, redeliveryOf);
        return;
      }
      case "begin":
        begin.run(one.attempt, one.at, one.id);
        addAttempt.run(toAttemptId(one.id, one.attempt), one.at);
        return;
      case "end": {
        const { id, attempt, state, failures, delayMs, at, outcome } = one;
        end.run(stateCode(state), failures, Math.round(delayMs), at, outcome.status, outcome.cause, id);
        endAttempt.run(...toAttemptColumns(outcome), toAttemptId(id, attempt));
        untilPruned -= 1;
      }
    }
  }

  return {
    write(writes) {
      for (const one of writes) apply(one);
      if (untilPruned > 0) return;
      untilPruned = PRUNE_EVERY;
      prune();
    },
  };
}

function toAttemptId(delivery: number, attempt: number): number {
  return delivery * ATTEMPTS_PER_DELIVERY + attempt;
}

function toAttemptColumns(outcome: AttemptEnd): readonly unknown[] {
  const { tookMs, status, cause, message, headers, body, truncated } = outcome;
  const took = tookMs === null ? null : Math.round(tookMs);
  const heads = headers.length === 0 ? null : JSON.stringify(headers);
  return [took, status, cause, message, heads, body.length === 0 ? null : body, truncated ? 1 : 0];
}

/** Goes behind the newest deliveries, a few rows at a time, and takes away what need not be kept of older ones. */
function createPruner(db: Database): () => void {
  const lastId = db.prepare<[], number | null>("SELECT max(id) FROM deliveries").pluck();
  const dropAnswers = db.prepare<[number, number]>("UPDATE delivery_attempts SET body = NULL, headers = NULL WHERE id >= ? AND id < ?");
  const found = db
    .prepare<[number, number], number>(`SELECT id FROM deliveries WHERE id > ? AND id <= ? AND state >= ${SUCCEEDED} ORDER BY id LIMIT 500`)
    .pluck();
  const remove = db.prepare<[number, number, number]>("DELETE FROM deliveries WHERE id = ? AND (state = ? OR id <= ?)");
  const removeAttempts = db.prepare<[number, number]>("DELETE FROM delivery_attempts WHERE id >= ? AND id < ?");
  const orphans = db
    .prepare<[], number>(
      `SELECT id FROM deliveries WHERE endpoint_id IN
       (SELECT DISTINCT endpoint_id FROM deliveries WHERE endpoint_id NOT IN (SELECT id FROM endpoints)) LIMIT 500`,
    )
    .pluck();
  const removeOrphan = db.prepare<[number]>("DELETE FROM deliveries WHERE id = ?");
  let answersTo = 0;
  let removedTo = 0;
  const dropAttempts = (id: number): void => {
    removeAttempts.run(id * ATTEMPTS_PER_DELIVERY, (id + 1) * ATTEMPTS_PER_DELIVERY);
  };
  return () => {
    for (const id of orphans.all()) {
      removeOrphan.run(id);
      dropAttempts(id);
    }
    const last = lastId.get() ?? 0;
    const answers = Math.min(last - ANSWERS_KEPT, answersTo + 2 * PRUNE_EVERY);
    if (answers > answersTo) {
      dropAnswers.run(answersTo * ATTEMPTS_PER_DELIVERY, answers * ATTEMPTS_PER_DELIVERY);
      answersTo = answers;
    }
    const ids = found.all(removedTo, last - SUCCEEDED_KEPT);
    for (const id of ids) {
      if (remove.run(id, SUCCEEDED, last - DEAD_KEPT).changes > 0) dropAttempts(id);
      removedTo = id;
    }
    if (ids.length === 0) removedTo = 0; // Around again: what was dead or under way then may be too old now.
  };
}
