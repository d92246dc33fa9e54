import type { Migration } from "../migrate.ts";

/**
 * What a source is beside its answer, as JSON (source-rows.ts); and by what deliveries of providers are known again.
 * `seen_deliveries.key` is a hash (seen-deliveries.ts), so that a row is small however long an id a provider sends.
 */
export const addWebhooks: Migration = {
  name: "0005-webhooks",
  sql: `
    ALTER TABLE sources ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
    CREATE TABLE seen_deliveries (
      key TEXT PRIMARY KEY,
      seq INTEGER NOT NULL,
      seen_at INTEGER NOT NULL,
      ends_at INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX seen_deliveries_by_end ON seen_deliveries (ends_at);
  `,
};
