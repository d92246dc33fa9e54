import type { Database } from "better-sqlite3";
import { isUnreadable } from "./read-damaged.ts";

const ROWS_AT_ONCE = 64;
/** Ranges looked at: within what is lost there is no end to halving. */
const MAX_RANGES = 512;
/** Sorts after every key. */
const END = "\u{10ffff}";

/** A row as it is stored, by column. */
export type Row = Record<string, number | string | Buffer | null>;

/**
 * Reads a table with a text key (WITHOUT ROWID) around what cannot be read: from both ends of a range as far as it goes,
 * then the same for the halves of what lies between. Gives each row once, in no order.
 */
export function* readKeys(db: Database, table: string, key: string): Generator<Row> {
  const up = db.prepare<[string, string, number], Row>(`SELECT * FROM ${table} WHERE ${key} > ? AND ${key} < ? ORDER BY ${key} LIMIT ?`);
  const down = db.prepare<[string, string, number], Row>(
    `SELECT * FROM ${table} WHERE ${key} > ? AND ${key} < ? ORDER BY ${key} DESC LIMIT ?`,
  );

  const one = db.prepare<[string, string, number], Row>(`SELECT * FROM ${table} WHERE ${key} = ? AND ? = '' LIMIT ?`);

  /** Rows from one end of a range, which `narrow` makes smaller; false when it stopped at what cannot be read. */
  function* walk(statement: typeof up, range: { low: string; high: string }, narrow: (key: string) => void): Generator<Row, boolean> {
    for (let limit = ROWS_AT_ONCE; ;) {
      const rows = readSome(statement, range, limit);
      if (rows === null && limit === 1) return false;
      if (rows === null) limit = 1; // one by one up to the place itself
      else if (rows.length === 0) return true;
      for (const row of rows ?? []) {
        narrow(String(row[key]));
        yield row;
      }
    }
  }

  const ranges = [{ low: "", high: END }];
  for (let tries = 0; tries < MAX_RANGES; tries += 1) {
    const range = ranges.shift();
    if (!range) return;
    if (yield* walk(up, range, (found) => (range.low = found))) continue;
    if (yield* walk(down, range, (found) => (range.high = found))) continue;
    const middle = between(range.low, range.high);
    if (middle === null) continue;
    const row = readSome(one, { low: middle, high: "" }, 1)?.[0];
    if (row) yield row;
    ranges.push({ low: range.low, high: middle }, { low: middle, high: range.high });
  }
}

function readSome<R>(
  statement: { all(low: string, high: string, limit: number): R[] },
  { low, high }: { readonly low: string; readonly high: string },
  limit: number,
): R[] | null {
  try {
    return statement.all(low, high, limit);
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}

/** A text about half-way between two; null when there is hardly any between them. */
function between(low: string, high: string): string | null {
  let same = 0;
  while (same < low.length && low[same] === high[same]) same += 1;
  const from = low.charCodeAt(same) || 0;
  const to = Math.min(high.charCodeAt(same) || 0, 0x7f);
  if (to - from > 1) return low.slice(0, same) + String.fromCharCode(from + Math.floor((to - from) / 2));
  const longer = low.slice(0, same + 1);
  const next = low.charCodeAt(same + 1) || 0;
  return longer.length > 64 || next >= 0x7e ? null : longer + String.fromCharCode(next + Math.ceil((0x7f - next) / 2));
}
