import type { Database } from "better-sqlite3";
import { toWords } from "../contract/words.ts";
import { searchTextOf } from "../hub/event-view.ts";
import { createEventReader, EVENT_ROW_SQL, type EventRow } from "./event-reader.ts";
import { termsOf } from "./index-terms.ts";

/** What the index keeps of one event. */
export interface IndexEntry {
  readonly seq: number;
  readonly receivedAt: number;
  readonly terms: readonly number[];
  readonly words: string;
}

export interface EntryReader {
  /** Up to `most` events after `seq`, in order. Reads the log only. */
  entriesAfter(seq: number, most: number): IndexEntry[];
}

export function createEntryReader(log: Database): EntryReader {
  const reader = createEventReader(log);
  const next = log.prepare<[number, number], EventRow>(`SELECT ${EVENT_ROW_SQL} FROM events e WHERE e.seq > ? ORDER BY e.seq LIMIT ?`);
  return {
    entriesAfter: (seq, most) =>
      next.all(seq, most).map((row) => ({
        seq: row.seq,
        receivedAt: row.receivedAt,
        terms: termsOf(row),
        words: [...new Set(toWords(searchTextOf(reader.searchable(row))))].join(" "),
      })),
  };
}
