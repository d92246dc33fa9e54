import type { Database, Statement } from "better-sqlite3";
import { createDictionary } from "./dictionary.ts";
import { NONE, SLOT, SLOTS, type PackedBatch } from "./packed-batch.ts";
import { isRetained } from "./stored-codes.ts";
import { CHUNK_BYTES, CHUNKS_PER_BODY, firstChunkId, INLINE_BYTES } from "./stored-body.ts";

const EVENT_COLUMNS = 13;
const PAYLOAD_COLUMNS = 3;
/** Rows per statement where a batch has that many: a third faster than row by row. */
const ROWS_AT_ONCE = 20;

type Value = number | Buffer | null;

export interface BatchInserter {
  /** Inserts the batch's events as `firstSeq`, `firstSeq + 1`, …, in the transaction that is open. */
  insert(batch: PackedBatch, firstSeq: number): void;
  /** To be called on a rollback. */
  forget(): void;
}

export function createBatchInserter(db: Database): BatchInserter {
  const topics = createDictionary(db, "topics", "topic");
  const names = createDictionary(db, "names", "name");
  const intoEvents = createRowInserter(db, "events", EVENT_COLUMNS);
  const intoPayloads = createRowInserter(db, "payloads", PAYLOAD_COLUMNS);
  const retain = db.prepare<[number, number]>("INSERT OR REPLACE INTO retained (topic_id, seq) VALUES (?, ?)");
  const release = db.prepare<[number]>("DELETE FROM retained WHERE topic_id = ?");
  const insertChunk = db.prepare<[number, Buffer]>("INSERT INTO body_chunks (id, bytes) VALUES (?, ?)");

  return {
    insert(batch, firstSeq) {
      const { numbers, strings } = batch;
      const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength);
      const orNull = (value: number): number | null => (value === NONE ? null : value);
      const nameId = (place: number): number | null => (place === NONE ? null : names.idOf(strings[place]!));
      let offset = 0;
      for (let index = 0; index < batch.count; index += 1) {
        const at = index * SLOTS;
        const seq = firstSeq + index;
        const slot = (name: keyof typeof SLOT): number => numbers[at + SLOT[name]]!;
        const topicId = topics.idOf(strings[slot("topic")]!);
        if (isRetained(slot("kind"))) {
          if (slot("bodyBytes") > 0) retain.run(topicId, seq);
          else release.run(topicId); // MQTT 5 §3.3.1.3
        }
        intoEvents.add(
          seq,
          slot("receivedAt"),
          slot("kind"),
          topicId,
          nameId(slot("source")),
          nameId(slot("method")),
          orNull(slot("status")),
          slot("size"),
          slot("hops"),
          nameId(slot("refusal")),
          orNull(slot("cause")),
          orNull(slot("trace")),
          orNull(slot("duplicate")),
        );
        const bodyAt = offset + slot("headBytes");
        const bodyEnd = bodyAt + slot("bodyBytes");
        const inlineEnd = Math.min(bodyEnd, bodyAt + INLINE_BYTES);
        intoPayloads.add(seq, bodyAt === offset ? null : bytes.subarray(offset, bodyAt), bytes.subarray(bodyAt, inlineEnd));
        for (let from = inlineEnd, n = 0; from < bodyEnd; from += CHUNK_BYTES, n += 1) {
          if (n >= CHUNKS_PER_BODY) throw new Error(`a body of ${bodyEnd - bodyAt} bytes is larger than the log can hold`);
          insertChunk.run(firstChunkId(seq) + n, bytes.subarray(from, Math.min(bodyEnd, from + CHUNK_BYTES)));
        }
        offset = bodyEnd;
      }
      intoEvents.flush();
      intoPayloads.flush();
    },
    forget() {
      topics.forget();
      names.forget();
      intoEvents.forget();
      intoPayloads.forget();
    },
  };
}

interface RowInserter {
  add(...row: Value[]): void;
  flush(): void;
  forget(): void;
}

function createRowInserter(db: Database, table: string, columns: number): RowInserter {
  const row = `(${Array<string>(columns).fill("?").join(",")})`;
  const prepare = (rows: number): Statement<Value[]> =>
    db.prepare(`INSERT INTO ${table} VALUES ${Array<string>(rows).fill(row).join(",")}`);
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
