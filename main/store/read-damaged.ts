import type { Database } from "better-sqlite3";
import { CHUNKS_PER_BODY } from "./stored-body.ts";
import { sqliteCode } from "./store-fault.ts";

const RANGE = 512;

/**
 * Reads rows by ranges of their integer key, around what cannot be read: a range that fails is halved until only single
 * unreadable keys are left out, which `onUnreadable` is told. `read` gives the rows from `from` to `to`, both inclusive.
 */
export function* readAround<T>(
  read: (from: number, to: number) => T[],
  first: number,
  last: number,
  onUnreadable: (key: number) => void,
): Generator<T[]> {
  for (let from = first; from <= last; from += RANGE) yield* readRange(read, from, Math.min(last, from + RANGE - 1), onUnreadable);
}

function* readRange<T>(
  read: (from: number, to: number) => T[],
  from: number,
  to: number,
  onUnreadable: (key: number) => void,
): Generator<T[]> {
  let rows: T[] | null = null;
  try {
    rows = read(from, to);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
  if (rows !== null) yield rows;
  else if (from === to) onUnreadable(from);
  else {
    const middle = Math.floor((from + to) / 2);
    yield* readRange(read, from, middle, onUnreadable);
    yield* readRange(read, middle + 1, to, onUnreadable);
  }
}

export function isUnreadable(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB|IOERR|ERROR)/.test(sqliteCode(error) ?? "");
}

/** Where the events of a damaged log begin and end; each end falls back to what `meta` or nothing says. */
export function eventRange(db: Database): { first: number; last: number } {
  const ask = (sql: string): number | null => {
    try {
      return db.prepare<[], number | null>(sql).pluck().get() ?? null;
    } catch (error) {
      if (isUnreadable(error)) return null;
      throw error;
    }
  };
  const last = Math.max(
    ask("SELECT value FROM meta WHERE key = 'last_seq'") ?? 0,
    ask("SELECT max(seq) FROM events") ?? 0,
    ask("SELECT max(seq) FROM payloads") ?? 0,
  );
  return { first: ask("SELECT min(seq) FROM events") ?? 1, last };
}

export interface Readable {
  readonly readable: number;
  readonly unreadable: number;
  /** Seq of the first event that cannot be read; null when the damage touches none. */
  readonly firstUnreadable: number | null;
}

/** How many events of a damaged log can still be read whole. Yields after each range, so that it can be done in slices. */
export function* countReadable(db: Database): Generator<void, Readable> {
  // substr() makes SQLite read the content; length() alone would skip a long body's pages.
  const read = db
    .prepare<[number, number], number>(
      `SELECT count(*), max(substr(p.body, -1)), max(substr(p.head, -1)),
         max((SELECT max(substr(bytes, -1)) FROM body_chunks c WHERE c.id >= e.seq * ${CHUNKS_PER_BODY} AND c.id < (e.seq + 1) * ${CHUNKS_PER_BODY}))
       FROM events e JOIN payloads p ON p.seq = e.seq WHERE e.seq BETWEEN ? AND ?`,
    )
    .pluck();
  let readable = 0;
  let unreadable = 0;
  let firstUnreadable: number | null = null;
  const { first, last } = eventRange(db);
  const miss = (seq: number): void => {
    unreadable += 1;
    firstUnreadable ??= seq;
  };
  for (const counts of readAround((from, to) => read.all(from, to), first, last, miss)) {
    readable += counts[0] ?? 0;
    yield;
  }
  return { readable, unreadable, firstUnreadable };
}

/** The sentence that reports a damaged log. */
export function toDamageMessage(path: string, { readable, unreadable, firstUnreadable }: Readable): string {
  const where = firstUnreadable === null ? "" : `, the first unreadable one at position ${firstUnreadable}`;
  const what =
    unreadable === 0
      ? `all ${readable} events in it can still be read`
      : `${readable} of ${readable + unreadable} events can still be read${where}`;
  return `${path} is damaged: ${what}. Stop Signalbox and run "signalbox salvage": it writes the readable events to a new log and keeps the damaged file beside it.`;
}
