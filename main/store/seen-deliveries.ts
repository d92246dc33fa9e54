import { createHash } from "node:crypto";
import type { Database } from "better-sqlite3";
import { SLOT, SLOTS, type DeliveryMark, type PackedBatch } from "./packed-batch.ts";
import { toDuplicateKind } from "./stored-codes.ts";

/** Rows of deliveries whose window is over that one step removes. */
const STEP_ROWS = 256;
/** Above this the oldest are forgotten before their window is over: about 100 MB of the file. */
const MAX_SEEN = 1_000_000;

/** An event of a batch that came before: its place in the batch, and the seq of the first one. */
export interface FoundDuplicate {
  readonly index: number;
  readonly seq: number;
}

/** Which deliveries of providers are in the log already; in the transaction that is open. */
export interface SeenDeliveries {
  /** Marks the batch's duplicates as such, in the batch itself, and remembers the others. Says which they are. */
  settle(batch: PackedBatch, firstSeq: number): readonly FoundDuplicate[];
  /** Is there any whose window is over, or are there too many? */
  isOver(now: number): boolean;
  /** Forgets some of those whose window is over. Says whether there may be more. */
  prune(now: number): boolean;
  /** To be called on a rollback. */
  forget(): void;
}

/** The one writer of the log decides: of forty equal deliveries at once exactly one comes first, whatever connection each came by. */
export function createSeenDeliveries(db: Database, most: number = MAX_SEEN): SeenDeliveries {
  const find = db.prepare<[string], { seq: number; seenAt: number }>("SELECT seq, seen_at AS seenAt FROM seen_deliveries WHERE key = ?");
  const put = db.prepare<[string, number, number, number]>(
    "INSERT OR REPLACE INTO seen_deliveries (key, seq, seen_at, ends_at) VALUES (?, ?, ?, ?)",
  );
  const removeOldest = db.prepare<[number, number]>(
    "DELETE FROM seen_deliveries WHERE key IN (SELECT key FROM seen_deliveries WHERE ends_at <= ? ORDER BY ends_at LIMIT ?)",
  );
  const firstEnd = db.prepare<[number], number>("SELECT ends_at FROM seen_deliveries WHERE ends_at <= ? LIMIT 1").pluck();
  const countAll = db.prepare<[], number>("SELECT count(*) FROM seen_deliveries").pluck();
  let count = countAll.get() ?? 0;

  return {
    settle(batch, firstSeq) {
      const found: FoundDuplicate[] = [];
      if (batch.marks.length === 0) return found;
      const bodies = batch.marks.some(({ withBody }) => withBody) ? bodiesOf(batch) : null;
      for (const mark of batch.marks) {
        const { index, windowMs } = mark;
        const at = index * SLOTS;
        const receivedAt = batch.numbers[at + SLOT.receivedAt]!;
        const key = toKey(mark, mark.withBody ? bodies![index]! : null);
        const first = find.get(key);
        if (first !== undefined && receivedAt - first.seenAt < windowMs) {
          batch.numbers[at + SLOT.kind] = toDuplicateKind(batch.numbers[at + SLOT.kind]!);
          batch.numbers[at + SLOT.duplicate] = first.seq;
          batch.numbers[at + SLOT.status] = mark.statusIfSeen;
          found.push({ index, seq: first.seq });
        } else {
          put.run(key, firstSeq + index, receivedAt, receivedAt + windowMs);
          if (first === undefined) count += 1;
        }
      }
      return found;
    },
    isOver: (now) => count > most || firstEnd.get(now) !== undefined,
    prune(now) {
      const over = removeOldest.run(now, STEP_ROWS).changes;
      count -= over;
      const surplus = count > most ? removeOldest.run(Number.MAX_SAFE_INTEGER, Math.min(STEP_ROWS, count - most)).changes : 0;
      count -= surplus;
      return over === STEP_ROWS || count > most;
    },
    forget() {
      count = countAll.get() ?? 0;
    },
  };
}

/** 132 bits of SHA-256: nobody finds two ids with the same. */
function toKey({ source, id }: DeliveryMark, body: Uint8Array | null): string {
  const hash = createHash("sha256").update(`${source}\0${id}\0${body === null ? "" : "body"}\0`);
  if (body !== null) hash.update(body);
  return hash.digest("base64url").slice(0, 22);
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
