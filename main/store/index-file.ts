import { rmSync } from "node:fs";
import Database from "better-sqlite3";
import { FILE_SUFFIXES } from "./store-files.ts";

/** Raised when what the index holds changes: an index with another number is made anew. */
const INDEX_VERSION = 2;

/** Events per row of `blocks`. */
export const BLOCK_EVENTS = 4096;

/**
 * `postings`: which events have a term (see index-terms.ts). `words`: free text; the text itself is not kept, and only
 * whether a word occurs is indexed, a quarter of the usual size. Its tokenizer parts at spaces alone as far as words go:
 * they come ready made from contract/words.ts. `blocks`: between which times the events of each block were received,
 * whichever way the clock went meanwhile. `state`: one row; how far the index has come, written with each step.
 */
const SCHEMA = `
  CREATE TABLE postings (term INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (term, seq)) WITHOUT ROWID;
  CREATE VIRTUAL TABLE words USING fts5(text, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'");
  CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, instance);
  CREATE TABLE blocks (block INTEGER PRIMARY KEY, min_at INTEGER NOT NULL, max_at INTEGER NOT NULL);
  CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), log_id TEXT NOT NULL, indexed_seq INTEGER NOT NULL, checked_at INTEGER NOT NULL);
`;

/** What the index must fit: the log's id and its newest event. */
export interface IndexedLog {
  readonly logId: string;
  readonly lastSeq: number;
}

/** Opens the index, or makes a new one when there is none, it is damaged, or it belongs to another log. */
export function openIndexFile(path: string, log: IndexedLog): Database.Database {
  let db: Database.Database | null = null;
  try {
    db = connect(path);
    if (fits(db, log)) return db;
  } catch {
    // Whatever is wrong with it, a new one is the answer; should that fail too, it is thrown below.
  }
  db?.close();
  return createIndexFile(path, log);
}

export function createIndexFile(path: string, { logId }: IndexedLog): Database.Database {
  for (const suffix of FILE_SUFFIXES) rmSync(path + suffix, { force: true });
  const db = connect(path);
  try {
    db.transaction(() => {
      db.exec(SCHEMA);
      db.prepare("INSERT INTO state (id, log_id, indexed_seq, checked_at) VALUES (1, ?, 0, 0)").run(logId);
      db.pragma(`user_version = ${INDEX_VERSION}`);
    }).immediate();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function connect(path: string): Database.Database {
  const db = new Database(path, { timeout: 5000 });
  db.pragma("journal_mode = WAL");
  // After a power cut the index may be behind, never wrong: it then goes on from where it says it is.
  db.pragma("synchronous = NORMAL");
  return db;
}

function fits(db: Database.Database, { logId, lastSeq }: IndexedLog): boolean {
  if (db.pragma("user_version", { simple: true }) !== INDEX_VERSION) return false;
  const state = db.prepare<[], { log_id: string; indexed_seq: number }>("SELECT log_id, indexed_seq FROM state").get();
  return state !== undefined && state.log_id === logId && state.indexed_seq <= lastSeq;
}
