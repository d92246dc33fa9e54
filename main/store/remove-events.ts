import type { Database } from "better-sqlite3";
import { firstChunkId, INLINE_BYTES } from "./stored-body.ts";
import { PINNED_BIT } from "./stored-codes.ts";

/** Takes events out of the log, in the transaction that is open. Pages that become empty are used again by later events. */
export interface EventRemover {
  /** Removes the event, unless it is pinned, its topic's retained one, or not there. Says whether it is gone by this. */
  remove(seq: number): boolean;
  /** Removes at most `most` chunks of removed events' bodies; says how many. */
  removeChunks(most: number): number;
  /** Events ever removed. */
  readonly removed: number;
}

export function createEventRemover(db: Database): EventRemover {
  const removeEvent = db.prepare<[number]>(
    `DELETE FROM events WHERE seq = ? AND kind & ${PINNED_BIT} = 0
     AND NOT EXISTS (SELECT 1 FROM retained r WHERE r.topic_id = events.topic_id AND r.seq = events.seq)`,
  );
  const inlineBytes = db.prepare<[number], number>("SELECT length(body) FROM payloads WHERE seq = ?").pluck();
  const removePayload = db.prepare<[number]>("DELETE FROM payloads WHERE seq = ?");
  const doom = db.prepare<[number]>("INSERT OR IGNORE INTO doomed (seq) VALUES (?)");
  const firstDoomed = db.prepare<[], number>("SELECT seq FROM doomed LIMIT 1").pluck();
  const absolve = db.prepare<[number]>("DELETE FROM doomed WHERE seq = ?");
  const removeSome = db.prepare<[number, number, number]>(
    "DELETE FROM body_chunks WHERE id IN (SELECT id FROM body_chunks WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)",
  );

  let removed = 0;

  return {
    get removed() {
      return removed;
    },
    remove(seq) {
      if (removeEvent.run(seq).changes === 0) return false;
      // A long body has thousands of pages: they are freed a few at a time, see removeChunks.
      if (inlineBytes.get(seq) === INLINE_BYTES) doom.run(seq);
      removePayload.run(seq);
      removed += 1;
      return true;
    },
    removeChunks(most) {
      let chunks = 0;
      while (chunks < most) {
        const seq = firstDoomed.get();
        if (seq === undefined) break;
        const asked = most - chunks;
        const { changes } = removeSome.run(firstChunkId(seq), firstChunkId(seq + 1), asked);
        chunks += changes;
        if (changes < asked) absolve.run(seq);
      }
      return chunks;
    },
  };
}
