import type { Database, Statement } from "better-sqlite3";
import { createDictionary } from "./dictionary.ts";
import { NONE, RECORD, SLOT, SLOTS, type PackedBatch } from "./packed-batch.ts";
import type { EventRemover } from "./remove-events.ts";
import { fromKind, isRetained } from "./stored-codes.ts";
import { CHUNK_BYTES, CHUNKS_PER_BODY, firstChunkId, INLINE_BYTES } from "./stored-body.ts";

const EVENT_COLUMNS = ["seq", "received_at", "kind", "topic_id", "size", "hops"] as const;
/** What most events of devices have none of. */
const MORE_SLOTS = ["source", "method", "status", "refusal", "cause", "trace", "duplicate"] as const;
const MORE_COLUMNS = ["source_id", "method_id", "status", "refusal_id", "cause_seq", "trace_seq", "duplicate_seq"] as const;
/** Rows per statement where a batch has that many: a third faster than row by row. */
const ROWS_AT_ONCE = 50;

type Value = number | Buffer | null;

export interface BatchInserter {
  /**
   * Inserts those of the batch's events that are to be recorded as `firstSeq`, `firstSeq + 1`, …, in the transaction that
   * is open; the others have their seq and leave no row. Removes what they replace: of a topic recorded with `last` the
   * event before, and a retained event before that was only kept for being retained (it lies at or below `trimmedTo`, or
   * its topic is not recorded with `all`). Says by how many the log has grown.
   */
  insert(batch: PackedBatch, firstSeq: number, trimmedTo: number): number;
  /** To be called on a rollback. */
  forget(): void;
}

export function createBatchInserter(db: Database, remover: EventRemover): BatchInserter {
  const topics = createDictionary(db, "topics", "topic");
  const names = createDictionary(db, "names", "name");
  // A value costs its binding even where it is null.
  const intoEvents = createRowInserter(db, "events", [...EVENT_COLUMNS, ...MORE_COLUMNS]);
  const intoEventsPlain = createRowInserter(db, "events", EVENT_COLUMNS);
  const intoPayloads = createRowInserter(db, "payloads", ["seq", "body", "head"]);
  const intoPayloadsPlain = createRowInserter(db, "payloads", ["seq", "body"]);
  const inserters = [intoEvents, intoEventsPlain, intoPayloads, intoPayloadsPlain];
  const retainedOf = db.prepare<[number], number>("SELECT seq FROM retained WHERE topic_id = ?").pluck();
  const newestOf = db.prepare<[number], number>("SELECT seq FROM newest WHERE topic_id = ?").pluck();
  const setNewest = db.prepare<[number, number]>("INSERT OR REPLACE INTO newest (topic_id, seq) VALUES (?, ?)");
  const retain = db.prepare<[number, number]>("INSERT OR REPLACE INTO retained (topic_id, seq) VALUES (?, ?)");
  const release = db.prepare<[number]>("DELETE FROM retained WHERE topic_id = ?");
  const insertChunk = db.prepare<[number, Buffer]>("INSERT INTO body_chunks (id, bytes) VALUES (?, ?)");

  return {
    insert(batch, firstSeq, trimmedTo) {
      const { numbers, strings } = batch;
      const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength);
      const orNull = (value: number): number | null => (value === NONE ? null : value);
      const nameId = (place: number): number | null => (place === NONE ? null : names.idOf(strings[place]!));
      const superseded = findSuperseded(batch);
      const replaced: number[] = [];
      let inserted = 0;
      let offset = 0;
      for (let index = 0; index < batch.count; index += 1) {
        const at = index * SLOTS;
        const seq = firstSeq + index;
        const slot = (name: keyof typeof SLOT): number => numbers[at + SLOT[name]]!;
        const record = slot("record");
        const retains = isRetained(slot("kind"));
        const clears = retains && slot("bodyBytes") === 0; // MQTT 5 §3.3.1.3
        if (!retains && (record === RECORD.none || superseded.has(index))) {
          offset += slot("headBytes") + slot("bodyBytes");
          continue;
        }
        const topicId = topics.idOf(strings[slot("topic")]!);
        if (retains) {
          const before = retainedOf.get(topicId);
          if (before !== undefined && (record !== RECORD.all || before <= trimmedTo)) replaced.push(before);
          if (clears) release.run(topicId);
          else retain.run(topicId, seq);
        }
        if (record === RECORD.none && clears) {
          offset += slot("headBytes") + slot("bodyBytes");
          continue;
        }
        if (record === RECORD.last && isAccepted(slot("kind"))) {
          const before = newestOf.get(topicId);
          if (before !== undefined) replaced.push(before);
          setNewest.run(topicId, seq);
        }
        inserted += 1;
        if (isPlain(numbers, at)) intoEventsPlain.add(seq, slot("receivedAt"), slot("kind"), topicId, slot("size"), slot("hops"));
        else
          intoEvents.add(
            seq,
            slot("receivedAt"),
            slot("kind"),
            topicId,
            slot("size"),
            slot("hops"),
            nameId(slot("source")),
            nameId(slot("method")),
            orNull(slot("status")),
            nameId(slot("refusal")),
            orNull(slot("cause")),
            orNull(slot("trace")),
            orNull(slot("duplicate")),
          );
        const bodyAt = offset + slot("headBytes");
        const bodyEnd = bodyAt + slot("bodyBytes");
        const inlineEnd = Math.min(bodyEnd, bodyAt + INLINE_BYTES);
        const inline = bytes.subarray(bodyAt, inlineEnd);
        if (bodyAt === offset) intoPayloadsPlain.add(seq, inline);
        else intoPayloads.add(seq, inline, bytes.subarray(offset, bodyAt));
        for (let from = inlineEnd, n = 0; from < bodyEnd; from += CHUNK_BYTES, n += 1) {
          if (n >= CHUNKS_PER_BODY) throw new Error(`a body of ${bodyEnd - bodyAt} bytes is larger than the log can hold`);
          insertChunk.run(firstChunkId(seq) + n, bytes.subarray(from, Math.min(bodyEnd, from + CHUNK_BYTES)));
        }
        offset = bodyEnd;
      }
      for (const inserter of inserters) inserter.flush();
      for (const seq of replaced) if (remover.remove(seq)) inserted -= 1;
      return inserted;
    },
    forget() {
      topics.forget();
      names.forget();
      for (const inserter of inserters) inserter.forget();
    },
  };
}

function isPlain(numbers: Float64Array, at: number): boolean {
  return MORE_SLOTS.every((slot) => numbers[at + SLOT[slot]] === NONE);
}

function isAccepted(kind: number): boolean {
  return fromKind(kind).state === "accepted";
}

/** Which events of the batch are not their topic's newest, where only that one is kept: they need not be written first. */
function findSuperseded({ count, numbers }: PackedBatch): ReadonlySet<number> {
  const superseded = new Set<number>();
  const newest = new Map<number, number>();
  for (let index = 0; index < count; index += 1) {
    const at = index * SLOTS;
    if (numbers[at + SLOT.record] !== RECORD.last || !isAccepted(numbers[at + SLOT.kind]!)) continue;
    const topic = numbers[at + SLOT.topic]!;
    const before = newest.get(topic);
    if (before !== undefined) superseded.add(before);
    newest.set(topic, index);
  }
  return superseded;
}

interface RowInserter {
  add(...row: Value[]): void;
  flush(): void;
  forget(): void;
}

function createRowInserter(db: Database, table: string, names: readonly string[]): RowInserter {
  const columns = names.length;
  const row = `(${Array<string>(columns).fill("?").join(",")})`;
  const prepare = (rows: number): Statement<Value[]> =>
    db.prepare(`INSERT INTO ${table} (${names.join(", ")}) VALUES ${Array<string>(rows).fill(row).join(",")}`);
  const one = prepare(1);
  const many = prepare(ROWS_AT_ONCE);
  const full = columns * ROWS_AT_ONCE;
  let values: Value[] = [];
  return {
    add(...row) {
      values.push(...row);
      if (values.length < full) return;
      many.run(values as never);
      values = [];
    },
    flush() {
      for (let at = 0; at < values.length; at += columns) one.run(values.slice(at, at + columns) as never);
      values = [];
    },
    forget() {
      values = [];
    },
  };
}
