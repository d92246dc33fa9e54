import type { Database } from "better-sqlite3";
import { BLOCK_EVENTS } from "./index-file.ts";
import type { WantedWord } from "./plan-query.ts";

/** A prefix that stands for more words than this is not looked up, being so common that reading in order finds it soon … */
const MAX_WORDS_OF_PREFIX = 64;
/** … unless they occur no more often than this in all. */
const MAX_PLACES_OF_PREFIX = 20_000;

/** What a reader sees of the index file, attached to its connection as `idx`; or of its absence. */
export interface IndexView {
  attach(path: string): void;
  detach(): void;
  readonly attached: boolean;
  /** The newest event the index knows; 0 without one. To be asked in the transaction that uses the answer. */
  indexedSeq(): number;
  /** Between which seqs all indexed events lie that were received in this time. */
  boundsOf(receivedFrom: number, receivedBefore: number): { readonly lowest: number; readonly highest: number };
  /** The words as an FTS5 query; null when they cannot be looked up. */
  toMatch(words: readonly WantedWord[]): string | null;
}

/** Greater than every text that begins with what it is appended to. */
const AFTER_ALL = "\u{10ffff}";

const EVERYTHING = { lowest: 1, highest: Number.MAX_SAFE_INTEGER };
const NOTHING = { lowest: 1, highest: 0 };

export function createIndexView(db: Database): IndexView {
  let attached: Statements | null = null;
  return {
    attach(path) {
      if (attached !== null) return;
      db.prepare<[string]>("ATTACH ? AS idx").run(path);
      attached = prepare(db);
    },
    detach() {
      if (attached === null) return;
      attached = null;
      db.exec("DETACH idx");
    },
    get attached() {
      return attached !== null;
    },
    indexedSeq: () => attached?.indexedSeq.get() ?? 0,
    boundsOf(receivedFrom, receivedBefore) {
      if (attached === null || (receivedFrom === Number.NEGATIVE_INFINITY && receivedBefore === Number.POSITIVE_INFINITY))
        return EVERYTHING;
      const found = attached.blocks.get(clamp(receivedFrom), clamp(receivedBefore));
      if (!found || found.first === null || found.last === null) return NOTHING;
      return { lowest: found.first * BLOCK_EVENTS, highest: (found.last + 1) * BLOCK_EVENTS - 1 };
    },
    toMatch(words) {
      if (attached === null || words.length === 0) return null;
      const known = attached;
      const parts = words.map(({ word, prefix }) => (prefix ? anyWordOf(word, known) : `"${word}"`)).filter((part) => part !== null);
      return parts.length === 0 ? null : parts.join(" AND ");
    },
  };
}

interface Statements {
  readonly indexedSeq: { get(): number | undefined };
  readonly blocks: { get(from: number, before: number): { first: number | null; last: number | null } | undefined };
  readonly wordFrom: { get(word: string): string | undefined };
  readonly places: { get(from: string, before: string): number | undefined };
}

function prepare(db: Database): Statements {
  return {
    indexedSeq: db.prepare<[], number>("SELECT indexed_seq FROM idx.state").pluck(),
    blocks: db.prepare<[number, number], { first: number | null; last: number | null }>(
      "SELECT min(block) AS first, max(block) AS last FROM idx.blocks WHERE max_at >= ? AND min_at < ?",
    ),
    wordFrom: db.prepare<[string], string>("SELECT term FROM idx.vocabulary WHERE term >= ? LIMIT 1").pluck(),
    places: db
      .prepare<[string, string], number>(
        `SELECT count(*) FROM (SELECT 1 FROM idx.vocabulary WHERE term >= ? AND term < ? LIMIT ${MAX_PLACES_OF_PREFIX + 1})`,
      )
      .pluck(),
  };
}

/**
 * A prefix becomes the words that begin with it, found one after the other. FTS5's own prefix query first merges all
 * their events, on every call, 40 ms for 300,000 of them: it is used for many rare words only.
 */
function anyWordOf(prefix: string, known: Statements): string | null {
  const words: string[] = [];
  for (;;) {
    const word = known.wordFrom.get(words.length === 0 ? prefix : `${words.at(-1)}\u0000`);
    if (!word?.startsWith(prefix)) break;
    if (words.length === MAX_WORDS_OF_PREFIX) {
      const places = known.places.get(prefix, prefix + AFTER_ALL) ?? 0;
      return places > MAX_PLACES_OF_PREFIX ? null : `"${prefix}" *`;
    }
    words.push(word);
  }
  // A word that no text has, since words never contain a space.
  return words.length === 0 ? '" "' : `(${words.map((word) => `"${word}"`).join(" OR ")})`;
}

function clamp(at: number): number {
  return Math.max(-8.64e15, Math.min(8.64e15, at));
}
