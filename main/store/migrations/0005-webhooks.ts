import type { Migration } from "../migrate.ts";

/**
 * What a source is beside its answer, as JSON (source-rows.ts); and by what deliveries of providers are known again.
 * `seen_deliveries.id` is the event's seq and `key` a hash (seen-deliveries.ts): rows are only ever added at the end, and
 * are small however long an id a provider sends. There is no index over the keys, whose pages each commit would write.
 */
export const addWebhooks: Migration = {
  name: "0005-webhooks",
  sql: `
    ALTER TABLE sources ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
    CREATE TABLE seen_deliveries (
      id INTEGER PRIMARY KEY,
      key BLOB NOT NULL,
      seen_at INTEGER NOT NULL,
      ends_at INTEGER NOT NULL
    );
    CREATE INDEX seen_deliveries_by_end ON seen_deliveries (ends_at);
  `,
};
