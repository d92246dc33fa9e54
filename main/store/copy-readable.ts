import type { Database } from "better-sqlite3";
import { FILL_RETAINED } from "./migrations/0003-retained.ts";
import { eventRange, isUnreadable, readAround } from "./read-damaged.ts";
import { readKeys, type Row } from "./read-keys.ts";
import { firstChunkId } from "./stored-body.ts";

export interface CopyProgress {
  /** Positions in the log gone through, of all. */
  readonly done: number;
  readonly total: number;
}

export interface CopiedCounts {
  readonly saved: number;
  readonly lost: number;
  /** Seqs of the first and last event that is lost; null when none is. */
  readonly firstLost: number | null;
  readonly lastLost: number | null;
}

/** Copies all that can be read from a damaged log to an empty one. An event is saved whole or not at all. */
export function copyReadable(from: Database, to: Database, onProgress: (progress: CopyProgress) => void): CopiedCounts {
  copyKeyed(from, to, "topics");
  copyKeyed(from, to, "names");
  copyNamed(from, to, "sources", "name");
  copyNamed(from, to, "state", "key");
  // What was answered to past attempts is not needed to go on with the next.
  for (const table of ["endpoints", "deliveries", "seen_deliveries"] as const) if (hasTable(from, table)) copyKeyed(from, to, table);
  const counts = copyEvents(from, to, onProgress);
  copyMarks(from, to, "newest");
  // Which event is retained can be told from the events as well, but for what was cleared and has left no event.
  if (!copyMarks(from, to, "retained")) to.exec(FILL_RETAINED);
  return counts;
}

function copyEvents(from: Database, to: Database, onProgress: (progress: CopyProgress) => void): CopiedCounts {
  const { first, last } = eventRange(from);
  const read = from.prepare<[number, number], Row>(
    "SELECT e.*, p.head AS head, p.body AS body FROM events e JOIN payloads p ON p.seq = e.seq WHERE e.seq BETWEEN ? AND ? ORDER BY e.seq",
  );
  const chunks = from.prepare<[number, number], Row>("SELECT id, bytes FROM body_chunks WHERE id >= ? AND id < ? ORDER BY id");
  const putEvent = createInsert(to, "events");
  const putPayload = createInsert(to, "payloads");
  const putChunk = createInsert(to, "body_chunks");
  const standIn = createStandIns(to);
  const counts = { saved: 0, lost: 0, firstLost: null as number | null, lastLost: null as number | null };
  const lose = (seq: number): void => {
    counts.lost += 1;
    counts.firstLost ??= seq;
    counts.lastLost = seq;
  };

  const putOne = to.transaction(({ head, body, ...event }: Row): void => {
    const seq = Number(event["seq"]);
    putEvent(event);
    putPayload({ seq, head: head ?? null, body: body ?? null });
    standIn(event);
    for (const chunk of chunks.iterate(firstChunkId(seq), firstChunkId(seq + 1))) putChunk(chunk);
  });
  const putAll = to.transaction((rows: readonly Row[]): void => {
    for (const row of rows) {
      try {
        putOne(row);
        counts.saved += 1;
      } catch (error) {
        if (!isUnreadable(error)) throw error;
        lose(Number(row["seq"]));
      }
    }
  });

  for (const rows of readAround((low, high) => read.all(low, high), first, last, lose)) {
    putAll(rows);
    onProgress({ done: Math.max(0, Number(rows.at(-1)?.["seq"] ?? first) - first + 1), total: last - first + 1 });
  }
  to.prepare<[number]>("UPDATE meta SET value = ? WHERE key = 'last_seq'").run(last);
  to.prepare<[number]>("UPDATE meta SET value = ? WHERE key = 'events'").run(counts.saved);
  return counts;
}

/** Tables with an integer key, row by row around what cannot be read. What is lost is stood in for when an event needs it. */
function copyKeyed(from: Database, to: Database, table: "topics" | "names" | "endpoints" | "deliveries" | "seen_deliveries"): void {
  const read = from.prepare<[number, number], Row>(`SELECT * FROM ${table} NOT INDEXED WHERE id BETWEEN ? AND ? ORDER BY id`);
  const put = createInsert(to, table);
  const putAll = to.transaction((rows: readonly Row[]): void => rows.forEach(put));
  for (const rows of readAround(
    (low, high) => read.all(low, high),
    1,
    greatestId(from, table),
    () => {},
  ))
    putAll(rows);
}

function greatestId(db: Database, table: string): number {
  try {
    return db.prepare<[], number | null>(`SELECT max(id) FROM ${table}`).pluck().get() ?? 0;
  } catch (error) {
    if (isUnreadable(error)) return 0;
    throw error;
  }
}

/** What parts of the hub keep by name: sources, settings, bridges, sessions. */
function copyNamed(from: Database, to: Database, table: "sources" | "state", key: string): void {
  const put = createInsert(to, table, columnsOf(from, table));
  const putAll = to.transaction((rows: Iterable<Row>): void => {
    for (const row of rows) put(row);
  });
  putAll(hasTable(from, table) ? readKeys(from, table, key) : []);
}

/** Which event of a topic is its newest or retained one, where that event was saved. Says whether all could be read. */
function copyMarks(from: Database, to: Database, table: "newest" | "retained"): boolean {
  if (!hasTable(from, table)) return false;
  const put = to.prepare<Row[]>(
    `INSERT INTO ${table} (topic_id, seq) SELECT seq_of.* FROM (SELECT @topic_id, @seq) AS seq_of WHERE EXISTS (SELECT 1 FROM events WHERE seq = @seq)`,
  );
  const read = from.prepare<[number, number], Row>(`SELECT topic_id, seq FROM ${table} WHERE topic_id BETWEEN ? AND ?`);
  let whole = true;
  const last = greatestId(to, "topics");
  const putAll = to.transaction((rows: readonly Row[]): void => rows.forEach((row) => put.run(row)));
  for (const rows of readAround(
    (low, high) => read.all(low, high),
    1,
    last,
    () => (whole = false),
  ))
    putAll(rows);
  return whole;
}

/** The log may be of an earlier version, before its migrations. */
function hasTable(db: Database, table: string): boolean {
  return db.prepare<[string], number>("SELECT count(*) FROM sqlite_schema WHERE name = ?").pluck().get(table) === 1;
}

function columnsOf(db: Database, table: string): readonly string[] {
  return (db.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
}

/** `columns`: those the rows have; what they have not has its default. */
function createInsert(db: Database, table: string, columns: readonly string[] = columnsOf(db, table)): (row: Row) => void {
  const insert = db.prepare<Row[]>(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map((name) => `@${name}`).join(", ")})`);
  return (row) => void insert.run(row);
}

/** An event whose topic's or source's name is lost is still worth having: it gets one that says so. */
function createStandIns(db: Database): (event: Row) => void {
  const putTopic = db.prepare<[number, string]>("INSERT OR IGNORE INTO topics (id, topic) VALUES (?, ?)");
  const putName = db.prepare<[number, string]>("INSERT OR IGNORE INTO names (id, name) VALUES (?, ?)");
  return (event) => {
    putTopic.run(Number(event["topic_id"]), `lost-topic-${Number(event["topic_id"])}`);
    for (const column of ["source_id", "method_id", "refusal_id"]) {
      const id = event[column];
      if (typeof id === "number") putName.run(id, `lost-name-${id}`);
    }
  };
}
