import type { Database } from "better-sqlite3";
import { createLog } from "./migrations/0001-create-log.ts";
import { keepState } from "./migrations/0002-keep-state.ts";
import { addRetained } from "./migrations/0003-retained.ts";
import { addRetention } from "./migrations/0004-retention.ts";
import { addWebhooks } from "./migrations/0005-webhooks.ts";
import { addDeliveries } from "./migrations/0006-deliveries.ts";

/** One step of the schema, run in a transaction. `sql` may hold several statements. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** In order and append-only: `user_version` counts how many of them a file has had. */
export const MIGRATIONS: readonly Migration[] = [createLog, keepState, addRetained, addRetention, addWebhooks, addDeliveries];

/** "SBOX": what SQLite's header says of a file of ours. */
export const APPLICATION_ID = 0x53424f58;

/** Brings a file up to the newest schema; a file that has it already is not written. */
export function migrate(db: Database, migrations: readonly Migration[] = MIGRATIONS): void {
  const have = Number(db.pragma("user_version", { simple: true }));
  if (have >= migrations.length) return;
  db.transaction(() => {
    for (const migration of migrations.slice(have)) db.exec(migration.sql);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${migrations.length}`);
  }).immediate();
  // The header must say so before anything else is written: who opens the file looks at the header alone.
  db.pragma("wal_checkpoint(TRUNCATE)");
}
