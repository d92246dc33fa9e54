import type { Database } from "better-sqlite3";
import { DEFAULT_SOURCE_SETTINGS, type Source, type SourceAnswer, type SourceSettings } from "../contract/source.ts";

interface SourceRow {
  readonly name: string;
  readonly created_at: number;
  readonly answer: string;
  /** What is not there has its default: settings may be added without a migration. */
  readonly settings: string;
}

export function readSources(db: Database): readonly Source[] {
  const rows = db.prepare<[], SourceRow>("SELECT name, created_at, answer, settings FROM sources ORDER BY name").all();
  return rows.map(({ name, created_at: createdAt, answer, settings }) => ({
    ...DEFAULT_SOURCE_SETTINGS,
    ...(JSON.parse(settings) as Partial<SourceSettings>),
    name,
    createdAt,
    answer: JSON.parse(answer) as SourceAnswer,
  }));
}

export function saveSource(db: Database, { name, createdAt, answer, ...settings }: Source): void {
  db.prepare<[string, number, string, string]>(
    "INSERT OR REPLACE INTO sources (name, created_at, answer, settings) VALUES (?, ?, ?, ?)",
  ).run(name, createdAt, JSON.stringify(answer), JSON.stringify(settings));
}

export function removeSource(db: Database, name: string): void {
  db.prepare<[string]>("DELETE FROM sources WHERE name = ?").run(name);
}
