import type { Migration } from "../migrate.ts";

/** Rows that parts of the hub keep beside the log, under keys of their own (StateStore in hub/ports.ts). */
export const keepState: Migration = {
  name: "0002-keep-state",
  sql: "CREATE TABLE state (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;",
};
