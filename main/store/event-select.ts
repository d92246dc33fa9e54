import type { Database, Statement } from "better-sqlite3";
import { EVENT_ROW_SQL, type EventRow } from "./event-reader.ts";
import type { IndexView } from "./index-view.ts";
import type { Plan } from "./plan-query.ts";
import type { SeqRange, SeqWindow } from "./seq-walk.ts";

/** The first stretch of a walk is counted in each index, to choose the one with the fewest candidates. */
const SAMPLE_EVENTS = 16_384;
/** Where more than one event in this many is a candidate, reading all in order is cheaper than looking each up. */
const DENSE_ONE_IN = 6;

/** Two numbers stand for a window wherever one of these is asked; FTS5 heeds bounds that are integers, and a number is bound as a real. */
const WORDS_IN_WINDOW = "words MATCH ? AND rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)";

/** How candidates are found where the index has come; `scan`: every event in order. */
type Driver =
  | { readonly by: "scan" }
  | { readonly by: "words"; readonly match: string }
  | { readonly by: "terms"; readonly terms: readonly number[]; readonly match: string | null };

export interface EventSelect {
  /** Rows in the window that may pass, in the walk's order. `indexed`: the index knows all events of the window. */
  rows(window: SeqWindow, indexed: boolean, limit: number): EventRow[];
  /** The same, counted by buckets of time. Only right where `decides(indexed)`. */
  counts(window: SeqWindow, indexed: boolean, from: number, bucketMs: number): { readonly bucket: number; readonly count: number }[];
  /** The numbers that JSON bodies have at one of the paths, put together by buckets of time. Only right where `decides(indexed)`. */
  numbers(window: SeqWindow, indexed: boolean, from: number, bucketMs: number, paths: readonly [string, string]): NumberBucket[];
  /** Every row that comes back passes. */
  decides(indexed: boolean): boolean;
}

export interface NumberBucket {
  readonly bucket: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly count: number;
}

/** Of the first part of a body only: what is larger than that is no JSON without the rest. */
const NUMBER_SQL = `(SELECT CASE WHEN json_valid(b.text) THEN
    CASE WHEN json_type(b.text, ?) IN ('integer', 'real') THEN json_extract(b.text, ?)
    WHEN json_type(b.text, ?) IN ('integer', 'real') THEN json_extract(b.text, ?) END END
  FROM (SELECT CAST(body AS TEXT) AS text FROM payloads WHERE seq = e.seq) b)`;

/** Turns a plan into statements for the walk. To be made in the transaction whose `indexedSeq` is given. */
export function createEventSelect(db: Database, index: IndexView, plan: Plan, range: SeqRange, indexedSeq: number): EventSelect {
  const match = index.toMatch(plan.words);
  const driver = chooseDriver(db, plan, match, sampleOf(range, indexedSeq));
  const prepared = new Map<string, Statement<(string | number)[]>>();

  function ask<T>(
    what: string,
    indexed: boolean,
    tail: string,
    window: SeqWindow,
    more: readonly number[],
    before: readonly (string | number)[] = [],
    outer: (sql: string) => string = (sql) => sql,
  ): T[] {
    const use: Driver = indexed ? driver : { by: "scan" };
    const [from, params] = toFrom(use, window);
    const sql = outer(`SELECT ${what} FROM ${from} AND ${plan.where} ${tail.replace("$seq", seqOf(use))}`);
    let statement = prepared.get(sql);
    if (!statement) prepared.set(sql, (statement = db.prepare(sql)));
    return statement.all(...before, ...params, ...more) as T[];
  }

  const order = range.descending ? "DESC" : "ASC";
  return {
    rows: (window, indexed, limit) => ask<EventRow>(EVENT_ROW_SQL, indexed, `ORDER BY $seq ${order} LIMIT ?`, window, [limit]),
    counts: (window, indexed, from, bucketMs) =>
      ask("CAST((e.received_at - ?) / ? AS INTEGER) AS bucket, count(*) AS count", indexed, "GROUP BY 1", window, [], [from, bucketMs]),
    numbers: (window, indexed, from, bucketMs, [inLists, byName]) =>
      ask(
        `CAST((e.received_at - ?) / ? AS INTEGER) AS bucket, ${NUMBER_SQL} AS v`,
        indexed,
        "",
        window,
        [],
        [from, bucketMs, inLists, inLists, byName, byName],
        (sql) =>
          `SELECT bucket, min(v) AS min, max(v) AS max, sum(v) AS sum, count(v) AS count FROM (${sql}) WHERE v IS NOT NULL GROUP BY 1`,
      ),
    decides: (indexed) => plan.exact && (plan.words.length === 0 || (indexed && match !== null && wholeMatch(match, plan))),
  };
}

/** Did every wanted word make it into the match? A prefix with too many words does not. */
function wholeMatch(match: string, plan: Plan): boolean {
  return match.split(" AND ").length === plan.words.length;
}

function toFrom(driver: Driver, { lowest, highest }: SeqWindow): [sql: string, params: (string | number)[]] {
  switch (driver.by) {
    case "scan":
      return ["events e WHERE e.seq BETWEEN ? AND ?", [lowest, highest]];
    case "words":
      return [
        `idx.words w CROSS JOIN events e ON e.seq = w.rowid WHERE ${WORDS_IN_WINDOW.replace("rowid", "w.rowid")}`,
        [driver.match, lowest, highest],
      ];
    case "terms": {
      const terms = `idx.postings p CROSS JOIN events e ON e.seq = p.seq WHERE p.term IN (${driver.terms.join(",")}) AND p.seq BETWEEN ? AND ?`;
      if (driver.match === null) return [terms, [lowest, highest]];
      return [
        `${terms} AND p.seq IN (SELECT rowid FROM idx.words WHERE ${WORDS_IN_WINDOW})`,
        [lowest, highest, driver.match, lowest, highest],
      ];
    }
  }
}

function seqOf(driver: Driver): string {
  return { scan: "e.seq", words: "w.rowid", terms: "p.seq" }[driver.by];
}

function sampleOf({ lowest, highest, descending }: SeqRange, indexedSeq: number): SeqWindow {
  const top = Math.min(highest, indexedSeq);
  return descending
    ? { lowest: Math.max(lowest, top - SAMPLE_EVENTS + 1), highest: top }
    : { lowest, highest: Math.min(top, lowest + SAMPLE_EVENTS - 1) };
}

function chooseDriver(db: Database, plan: Plan, match: string | null, sample: SeqWindow): Driver {
  const byWords: Driver[] = match === null ? [] : [{ by: "words", match }];
  const byTerms: Driver[] = plan.groups.map((terms) => ({ by: "terms", terms, match }));
  const candidates = [...byWords, ...byTerms];
  const length = sample.highest - sample.lowest + 1;
  if (candidates.length === 0 || length <= 0) return { by: "scan" };
  const counted = candidates.map((driver) => ({ driver, count: countOf(db, driver, sample) })).sort((a, b) => a.count - b.count);
  const best = counted[0]!;
  // Reading in order cannot look words up, and taking an event's text apart costs far more than looking it up.
  if (best.count * DENSE_ONE_IN > length) return byWords[0] ?? { by: "scan" };
  return best.driver;
}

function countOf(db: Database, driver: Driver, { lowest, highest }: SeqWindow): number {
  switch (driver.by) {
    case "scan":
      return highest - lowest + 1;
    case "words":
      return Number(db.prepare(`SELECT count(*) FROM idx.words WHERE ${WORDS_IN_WINDOW}`).pluck().get(driver.match, lowest, highest));
    case "terms":
      return Number(
        db
          .prepare(`SELECT count(*) FROM idx.postings WHERE term IN (${driver.terms.join(",")}) AND seq BETWEEN ? AND ?`)
          .pluck()
          .get(lowest, highest),
      );
  }
}
