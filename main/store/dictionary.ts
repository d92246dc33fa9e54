import type { Database } from "better-sqlite3";

/** Texts seen lately are not looked up again; the memory is thrown away when it has grown to this. */
const MAX_REMEMBERED = 50_000;

/** A table of texts that rows refer to by id. */
export interface Dictionary {
  /** The text's id; a new one is inserted, in the transaction that is open. */
  idOf(text: string): number;
  /** To be called on a rollback: ids given in the transaction are void. */
  forget(): void;
}

export function createDictionary(db: Database, table: "topics" | "names", column: "topic" | "name"): Dictionary {
  const find = db.prepare<[string], number>(`SELECT id FROM ${table} WHERE ${column} = ?`).pluck();
  const insert = db.prepare<[string]>(`INSERT INTO ${table} (${column}) VALUES (?)`);
  const remembered = new Map<string, number>();
  return {
    idOf(text) {
      let id = remembered.get(text);
      if (id === undefined) {
        id = find.get(text) ?? Number(insert.run(text).lastInsertRowid);
        if (remembered.size >= MAX_REMEMBERED) remembered.clear();
        remembered.set(text, id);
      }
      return id;
    },
    forget: () => remembered.clear(),
  };
}
