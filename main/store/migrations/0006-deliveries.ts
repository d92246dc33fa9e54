import type { Migration } from "../migrate.ts";

/**
 * Outbound webhooks. `endpoints.cursor`: up to where in the log all that an endpoint is owed has a row in `deliveries`;
 * what lies behind needs none. `settings` is JSON and holds secrets. A delivery's next attempt is `delay_ms` after
 * `changed_at`; `failures` is its place in the schedule, which an interrupted attempt does not move on.
 * `delivery_attempts.id` is the delivery's times 1024 plus the attempt's number.
 */
export const addDeliveries: Migration = {
  name: "0006-deliveries",
  sql: `
    CREATE TABLE endpoints (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, settings TEXT NOT NULL, cursor INTEGER NOT NULL);
    CREATE TABLE deliveries (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      endpoint_id INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      state INTEGER NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      failures INTEGER NOT NULL DEFAULT 0,
      lane TEXT,
      created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      delay_ms INTEGER NOT NULL DEFAULT 0,
      redelivery_of INTEGER,
      status INTEGER,
      cause TEXT
    );
    CREATE INDEX deliveries_by_state ON deliveries (endpoint_id, state);
    CREATE INDEX deliveries_by_event ON deliveries (seq);
    CREATE TABLE delivery_attempts (
      id INTEGER PRIMARY KEY,
      started_at INTEGER NOT NULL,
      took_ms INTEGER,
      status INTEGER,
      cause TEXT,
      message TEXT,
      headers TEXT,
      body BLOB,
      truncated INTEGER NOT NULL DEFAULT 0
    );
  `,
};
