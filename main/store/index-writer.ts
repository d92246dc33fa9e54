import type { Database } from "better-sqlite3";
import type { IndexEntry } from "./index-entries.ts";
import { BLOCK_EVENTS } from "./index-file.ts";

export interface IndexWriter {
  /** The newest event the index knows of. */
  readonly indexedSeq: number;
  /** When the log was last found sound, epoch ms; 0 for never. */
  checkedAt: number;
  /** Takes the entries in, in one transaction. */
  add(entries: readonly IndexEntry[]): void;
}

/** `index`: the only connection that writes it. */
export function createIndexWriter(index: Database): IndexWriter {
  const addPosting = index.prepare<[number, number]>("INSERT OR IGNORE INTO postings (term, seq) VALUES (?, ?)");
  const addWords = index.prepare<[number, string]>("INSERT INTO words (rowid, text) VALUES (CAST(? AS INTEGER), ?)");
  const addBlock = index.prepare<[number, number, number]>(
    `INSERT INTO blocks (block, min_at, max_at) VALUES (?, ?, ?)
     ON CONFLICT (block) DO UPDATE SET min_at = min(min_at, excluded.min_at), max_at = max(max_at, excluded.max_at)`,
  );
  const setIndexed = index.prepare<[number]>("UPDATE state SET indexed_seq = ?");
  const setChecked = index.prepare<[number]>("UPDATE state SET checked_at = ?");
  const state = index.prepare<[], { indexed_seq: number; checked_at: number }>("SELECT indexed_seq, checked_at FROM state").get()!;
  let indexedSeq = state.indexed_seq;
  let checkedAt = state.checked_at;

  const write = index.transaction((entries: readonly IndexEntry[], newest: number): void => {
    // In the order of the tree, so that each of its pages is visited once.
    const postings = entries.flatMap(({ seq, terms }) => terms.map((term): [number, number] => [term, seq]));
    postings.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    for (const [term, seq] of postings) addPosting.run(term, seq);
    for (const { seq, words } of entries) addWords.run(seq, words);
    for (const [block, { min, max }] of toBlocks(entries)) addBlock.run(block, min, max);
    setIndexed.run(newest);
  });

  return {
    get indexedSeq() {
      return indexedSeq;
    },
    get checkedAt() {
      return checkedAt;
    },
    set checkedAt(at) {
      setChecked.run(at);
      checkedAt = at;
    },
    add(entries) {
      const newest = entries.at(-1)?.seq;
      if (newest === undefined) return;
      write.immediate(entries, newest);
      indexedSeq = newest;
    },
  };
}

function toBlocks(entries: readonly IndexEntry[]): Map<number, { min: number; max: number }> {
  const blocks = new Map<number, { min: number; max: number }>();
  for (const { seq, receivedAt } of entries) {
    const number = Math.floor(seq / BLOCK_EVENTS);
    const block = blocks.get(number);
    blocks.set(number, { min: Math.min(block?.min ?? receivedAt, receivedAt), max: Math.max(block?.max ?? receivedAt, receivedAt) });
  }
  return blocks;
}
