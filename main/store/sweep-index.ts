import type { Database } from "better-sqlite3";

/** Entries looked at in one step: about 5 ms. */
const STEP_ENTRIES = 1000;
/** A sweep is due when so many events have been removed, and at least one in so many of those that are there. */
const LEAST_REMOVED = 1000;
const ONE_IN = 8;

/** Takes events that are gone from the log out of the index. Until then they do no harm: every query asks the log too. */
export interface IndexSweeper {
  /** One step, when there is one to take. `removed`: events removed since the start. Says whether it did anything. */
  step(removed: number): boolean;
}

/** `log` reads the log, `index` is the only connection that writes the index. */
export function createIndexSweeper(log: Database, index: Database): IndexSweeper {
  const isKept = log.prepare<[number], number>("SELECT 1 FROM events WHERE seq = ?").pluck();
  const eventCount = log.prepare<[], number>("SELECT value FROM meta WHERE key = 'events'").pluck();
  const postings = index
    .prepare<[number, number, number], [number, number]>(
      "SELECT term, seq FROM postings WHERE (term, seq) > (?, ?) ORDER BY term, seq LIMIT ?",
    )
    .raw();
  const removePosting = index.prepare<[number, number]>("DELETE FROM postings WHERE term = ? AND seq = ?");
  const words = index.prepare<[number, number], number>("SELECT id FROM words_docsize WHERE id > ? ORDER BY id LIMIT ?").pluck();
  const removeWords = index.prepare<[number]>("DELETE FROM words WHERE rowid = CAST(? AS INTEGER)");
  const removeAll = index.transaction((work: () => void): void => work());

  let sweptAt = 0;
  /** Null: not sweeping. */
  let at: { readonly part: "postings" | "words"; readonly term: number; readonly seq: number } | null = null;

  function sweepPostings(term: number, seq: number): void {
    const found = postings.all(term, seq, STEP_ENTRIES);
    for (const [term, seq] of found) if (isKept.get(seq) === undefined) removePosting.run(term, seq);
    const [lastTerm, lastSeq] = found.at(-1) ?? [0, 0];
    at = found.length < STEP_ENTRIES ? { part: "words", term: 0, seq: 0 } : { part: "postings", term: lastTerm, seq: lastSeq };
  }

  function sweepWords(after: number): void {
    const found = words.all(after, STEP_ENTRIES);
    for (const seq of found) if (isKept.get(seq) === undefined) removeWords.run(seq);
    at = found.length < STEP_ENTRIES ? null : { part: "words", term: 0, seq: found.at(-1)! };
  }

  return {
    step(removed) {
      if (at === null) {
        const fresh = removed - sweptAt;
        if (fresh < LEAST_REMOVED || fresh * ONE_IN < (eventCount.get() ?? 0)) return false;
        sweptAt = removed;
        at = { part: "postings", term: Number.MIN_SAFE_INTEGER, seq: 0 };
      }
      const { part, term, seq } = at;
      removeAll.immediate(() => (part === "postings" ? sweepPostings(term, seq) : sweepWords(seq)));
      return true;
    },
  };
}
