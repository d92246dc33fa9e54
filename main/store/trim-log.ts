import type { Database } from "better-sqlite3";
import { KEEP_EVERYTHING, type Retention } from "../contract/settings.ts";
import type { EventRemover } from "./remove-events.ts";

/** One step looks at no more rows, removes no more chunks of bodies (64 KiB each) … */
const STEP_ROWS = 256;
const STEP_CHUNKS = 32;
/** … and ends when it has taken this long, so that a commit that comes meanwhile waits for it no longer. */
const STEP_MS = 4;
/** What an event takes beside its body, about: when the bytes are too many it tells how many events make enough room. */
const ROW_BYTES = 64;

export interface LogTrimmer {
  /** The oldest events that stay are looked for from the beginning again. */
  keep(retention: Retention): void;
  /** Everything up to here has been looked at: what is left of it stays until `keep` or `lookAgain`. */
  readonly trimmedTo: number;
  /** This event may no longer be one that stays. */
  lookAgain(seq: number): void;
  /** Is there a bound at all, or are there chunks to remove? */
  readonly active: boolean;
  /** One step, in the transaction that is open. `events`: how many there are. */
  step(now: number, events: number): { readonly removed: number; readonly more: boolean };
}

interface Row {
  readonly seq: number;
  readonly receivedAt: number;
  readonly size: number;
}

/**
 * Removes the oldest events beyond the retention's bounds, but not pinned nor retained ones. These take at most half of `keepEvents`
 * from the others: however many there are, the newest half of it stays, or every event would be gone as soon as it came.
 */
export function createLogTrimmer(db: Database, remover: EventRemover): LogTrimmer {
  const oldest = db.prepare<[number, number], Row>(
    "SELECT seq, received_at AS receivedAt, size FROM events WHERE seq > ? ORDER BY seq LIMIT ?",
  );
  const newest = db.prepare<[], number>("SELECT seq FROM events ORDER BY seq DESC LIMIT 1").pluck();
  const usedBytes = createUsedBytes(db);
  let retention: Retention = KEEP_EVERYTHING;
  let trimmedTo = 0;
  let chunksLeft = true;

  return {
    keep(next) {
      retention = next;
      trimmedTo = 0;
    },
    get trimmedTo() {
      return trimmedTo;
    },
    lookAgain(seq) {
      trimmedTo = Math.min(trimmedTo, seq - 1);
    },
    get active() {
      return chunksLeft || retention.keepForMs !== null || retention.keepEvents !== null || retention.keepBytes !== null;
    },
    step(now, events) {
      const startedAt = performance.now();
      const { keepForMs, keepEvents, keepBytes } = retention;
      const chunks = remover.removeChunks(STEP_CHUNKS);
      chunksLeft = chunks === STEP_CHUNKS;
      if (chunksLeft) return { removed: 0, more: true };

      let excessEvents = keepEvents === null ? 0 : events - keepEvents;
      const countedTo = excessEvents > 0 ? (newest.get() ?? 0) - Math.ceil((keepEvents ?? 0) / 2) : 0;
      let excessBytes = keepBytes === null ? 0 : usedBytes() - keepBytes;
      const before = keepForMs === null ? Number.NEGATIVE_INFINITY : now - keepForMs;
      let removed = 0;
      const rows = excessEvents > 0 || excessBytes > 0 || keepForMs !== null ? oldest.all(trimmedTo, STEP_ROWS) : [];
      for (const { seq, receivedAt, size } of rows) {
        const isExcess = excessEvents > 0 && seq <= countedTo;
        if (receivedAt >= before && !isExcess && excessBytes <= 0) return { removed, more: chunksLeft };
        if (performance.now() - startedAt > STEP_MS) return { removed, more: true };
        trimmedTo = seq;
        if (!remover.remove(seq)) continue;
        removed += 1;
        excessEvents -= 1;
        excessBytes -= size + ROW_BYTES;
        chunksLeft = true;
      }
      return { removed, more: chunksLeft || rows.length === STEP_ROWS };
    },
  };
}

/** Bytes of the file that hold something. */
function createUsedBytes(db: Database): () => number {
  const pageBytes = Number(db.pragma("page_size", { simple: true }));
  const pages = db.prepare<[], number>("SELECT page_count - freelist_count FROM pragma_page_count(), pragma_freelist_count()").pluck();
  return () => (pages.get() ?? 0) * pageBytes;
}
