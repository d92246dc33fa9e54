import type { Migration } from "../migrate.ts";

/**
 * What keeping less than everything needs. `newest`: the event kept of each topic recorded with policy `last`. `doomed`:
 * removed events whose body chunks are still to be removed. `meta.events`: how many events there are, which a log with
 * gaps cannot tell from its seqs.
 */
export const addRetention: Migration = {
  name: "0004-retention",
  sql: `
    CREATE TABLE newest (topic_id INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
    CREATE TABLE doomed (seq INTEGER PRIMARY KEY);
    INSERT OR REPLACE INTO meta (key, value) SELECT 'events', count(*) FROM events;
  `,
};
