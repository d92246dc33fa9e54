import type { Migration } from "../migrate.ts";

/**
 * The log. `events` holds what lists and filters scan, in rows of about 40 bytes; `payloads` what an event carries.
 * `payloads.head` is JSON (see stored-head.ts); `payloads.body` the first INLINE_BYTES of the body, and `body_chunks`
 * the rest, so that neither a preview nor the search index ever loads a 10 MB body.
 * Topics and names (sources, methods, refusals) are stored once and referred to by id. No secondary index: the log is
 * written in order only, whatever is searched for lives in the index file.
 */
export const createLog: Migration = {
  name: "0001-create-log",
  sql: `
    CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE topics (id INTEGER PRIMARY KEY, topic TEXT NOT NULL UNIQUE);
    CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE events (
      seq INTEGER PRIMARY KEY,
      received_at INTEGER NOT NULL,
      kind INTEGER NOT NULL,
      topic_id INTEGER NOT NULL,
      source_id INTEGER,
      method_id INTEGER,
      status INTEGER,
      size INTEGER NOT NULL,
      hops INTEGER NOT NULL,
      refusal_id INTEGER,
      cause_seq INTEGER,
      trace_seq INTEGER,
      duplicate_seq INTEGER
    );
    CREATE TABLE payloads (seq INTEGER PRIMARY KEY, head BLOB, body BLOB NOT NULL);
    CREATE TABLE body_chunks (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
    CREATE TABLE sources (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL, answer TEXT NOT NULL) WITHOUT ROWID;
  `,
};
