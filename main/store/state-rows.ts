import type { Database } from "better-sqlite3";

/** A row of `state` to be written; null takes it away. */
export type StateRow = readonly [key: string, value: Uint8Array | null];

export function readState(db: Database): readonly StateRow[] {
  return db.prepare<[], [string, Buffer]>("SELECT key, value FROM state ORDER BY key").raw().all();
}

export interface StateWriter {
  /** In the transaction that is open. */
  write(rows: readonly StateRow[]): void;
}

export function createStateWriter(db: Database): StateWriter {
  const put = db.prepare<[string, Uint8Array]>(
    "INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  );
  const remove = db.prepare<[string]>("DELETE FROM state WHERE key = ?");
  return {
    write(rows) {
      for (const [key, value] of rows) {
        if (value === null) remove.run(key);
        else put.run(key, value);
      }
    },
  };
}
