import type { Database } from "better-sqlite3";
import type { Source, SourceAnswer } from "../contract/source.ts";

interface SourceRow {
  readonly name: string;
  readonly created_at: number;
  readonly answer: string;
}

export function readSources(db: Database): readonly Source[] {
  const rows = db.prepare<[], SourceRow>("SELECT name, created_at, answer FROM sources ORDER BY name").all();
  return rows.map((row) => ({ name: row.name, createdAt: row.created_at, answer: JSON.parse(row.answer) as SourceAnswer }));
}

export function saveSource(db: Database, { name, createdAt, answer }: Source): void {
  db.prepare<[string, number, string]>("INSERT OR REPLACE INTO sources (name, created_at, answer) VALUES (?, ?, ?)").run(
    name,
    createdAt,
    JSON.stringify(answer),
  );
}

export function removeSource(db: Database, name: string): void {
  db.prepare<[string]>("DELETE FROM sources WHERE name = ?").run(name);
}
