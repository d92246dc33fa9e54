import { createHash } from "node:crypto";
import type { Database } from "better-sqlite3";
import { createKeyTable } from "./key-table.ts";
import { SLOT, SLOTS, type DeliveryMark, type PackedBatch } from "./packed-batch.ts";
import { toDuplicateKind } from "./stored-codes.ts";

/** Rows that one step removes. */
const STEP_ROWS = 256;
/** Above this the oldest are forgotten before their window is over: about 60 MB of the file, and 32 of memory. */
const MAX_SEEN = 1_000_000;
/** Of SHA-256: nobody finds two ids with the same. */
const KEY_BYTES = 16;

/** An event of a batch that came before: its place in the batch, and the seq of the first one. */
export interface FoundDuplicate {
  readonly index: number;
  readonly seq: number;
}

interface SeenRow {
  readonly id: number;
  readonly key: Buffer;
  readonly seenAt: number;
}

/** Which deliveries of providers are in the log already; `settle` and `prune` in the transaction that is open. */
export interface SeenDeliveries {
  /** Marks the batch's duplicates as such, in the batch itself, and writes the others down. Says which they are. */
  settle(batch: PackedBatch, firstSeq: number): readonly FoundDuplicate[];
  /** Is there any whose window is over, or are there too many? */
  isOver(now: number): boolean;
  /** Forgets some of those. Says whether there may be more. */
  prune(now: number): boolean;
  /** The transaction was committed. */
  keep(): void;
  /** It was rolled back. */
  forget(): void;
}

/** The one writer of the log decides: of forty equal deliveries at once exactly one comes first, whatever connection each came by. */
export function createSeenDeliveries(db: Database, most: number = MAX_SEEN): SeenDeliveries {
  const table = createKeyTable();
  const find = db.prepare<[number], SeenRow>("SELECT id, key, seen_at AS seenAt FROM seen_deliveries WHERE id = ?");
  const add = db.prepare<[number, Buffer, number, number]>("INSERT INTO seen_deliveries (id, key, seen_at, ends_at) VALUES (?, ?, ?, ?)");
  const over = db.prepare<[number, number], SeenRow>(
    "SELECT id, key, seen_at AS seenAt FROM seen_deliveries WHERE ends_at <= ? ORDER BY ends_at LIMIT ?",
  );
  const remove = db.prepare<[number]>("DELETE FROM seen_deliveries WHERE id = ?");
  const firstEnd = db.prepare<[number], number>("SELECT ends_at FROM seen_deliveries WHERE ends_at <= ? LIMIT 1").pluck();
  let count = 0;
  for (const { id, key } of db.prepare<[], SeenRow>("SELECT id, key, seen_at AS seenAt FROM seen_deliveries ORDER BY id").iterate()) {
    table.set(key, id);
    count += 1;
  }
  /** Written down in the open transaction, by key. */
  const added = new Map<string, SeenRow>();
  let removed: SeenRow[] = [];

  function lastSeen(key: Buffer): SeenRow | undefined {
    const own = added.get(key.toString("latin1"));
    if (own) return own;
    const id = table.find(key);
    const row = id === 0 ? undefined : find.get(id);
    return row?.key.equals(key) ? row : undefined;
  }

  return {
    settle(batch, firstSeq) {
      const found: FoundDuplicate[] = [];
      if (batch.marks.length === 0) return found;
      const bodies = batch.marks.some(({ withBody }) => withBody) ? bodiesOf(batch) : null;
      for (const mark of batch.marks) {
        const { index, windowMs } = mark;
        const at = index * SLOTS;
        const seenAt = batch.numbers[at + SLOT.receivedAt]!;
        const key = toKey(mark, mark.withBody ? bodies![index]! : null);
        const first = lastSeen(key);
        if (first !== undefined && seenAt - first.seenAt < windowMs) {
          batch.numbers[at + SLOT.kind] = toDuplicateKind(batch.numbers[at + SLOT.kind]!);
          batch.numbers[at + SLOT.duplicate] = first.id;
          batch.numbers[at + SLOT.status] = mark.statusIfSeen;
          found.push({ index, seq: first.id });
        } else {
          const id = firstSeq + index;
          add.run(id, key, seenAt, seenAt + windowMs);
          added.set(key.toString("latin1"), { id, key, seenAt });
        }
      }
      return found;
    },
    isOver: (now) => count > most || firstEnd.get(now) !== undefined,
    prune(now) {
      removed = over.all(now, STEP_ROWS);
      const surplus = Math.min(STEP_ROWS, count - most) - removed.length;
      if (surplus > 0) removed = over.all(Number.MAX_SAFE_INTEGER, removed.length + surplus);
      for (const { id } of removed) remove.run(id);
      return removed.length === STEP_ROWS;
    },
    keep() {
      for (const { id, key } of added.values()) table.set(key, id);
      for (const { id, key } of removed) table.remove(key, id);
      count += added.size - removed.length;
      this.forget();
    },
    forget() {
      added.clear();
      removed = [];
    },
  };
}

function toKey({ source, id }: DeliveryMark, body: Uint8Array | null): Buffer {
  const hash = createHash("sha256").update(`${source}\0${id}\0${body === null ? "" : "body"}\0`);
  if (body !== null) hash.update(body);
  return hash.digest().subarray(0, KEY_BYTES);
}

function bodiesOf({ count, numbers, bytes }: PackedBatch): readonly Uint8Array[] {
  const bodies: Uint8Array[] = [];
  let offset = 0;
  for (let index = 0; index < count; index += 1) {
    const at = index * SLOTS;
    const bodyAt = offset + numbers[at + SLOT.headBytes]!;
    offset = bodyAt + numbers[at + SLOT.bodyBytes]!;
    bodies.push(bytes.subarray(bodyAt, offset));
  }
  return bodies;
}
