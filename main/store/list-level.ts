import { MAX_COUNTED_TOPICS } from "../contract/topic-view.ts";
import { toSummary } from "../hub/event-view.ts";
import type { StoredTopicNode } from "../hub/ports.ts";
import { createLastSeqFinder } from "./list-topics.ts";
import type { LogReader } from "./log-reader.ts";

/** What is known of a level of the topic tree by its name. */
export interface Level {
  /** The id of the topic itself, when it is one. */
  own: number | null;
  /** Ids of topics below it, as far as they were looked at. */
  readonly below: number[];
}

interface TopicRow {
  readonly id: number;
  readonly topic: string;
}

/** The character after "/", so that a search can go on behind everything below a topic. */
const AFTER_SLASH = "0";
const AFTER_ALL = "\u{10ffff}";
const ROWS_AT_ONCE = 256;

/**
 * What stands directly below `parent`, by name, from behind the name `after` on. Of what has very many topics below it,
 * only some are looked at.
 */
export function listLevel(
  reader: LogReader,
  parent: string | null,
  after: string | null,
  limit: number,
): { nodes: StoredTopicNode[]; more: boolean } {
  return reader.atOnce(() => {
    const prefix = parent === null ? "" : `${parent}/`;
    const levels = readLevels(reader, prefix, after, limit);
    const describe = createLevelReader(reader);
    const names = [...levels.keys()].sort(compareBytes);
    return { nodes: names.slice(0, limit).map((name) => describe(prefix + name, levels.get(name)!)), more: names.length > limit };
  });
}

/** Says what the log knows of a level. To be made in the transaction in which it is used. */
export function createLevelReader(reader: LogReader): (topic: string, level: Level) => StoredTopicNode {
  const lastOf = createLastSeqFinder(reader);
  return (topic, { own, below }) => {
    const ownSeq = own === null ? 0 : lastOf(own);
    const lastSeq = Math.max(ownSeq, ...below.map(lastOf));
    return {
      name: topic.slice(topic.lastIndexOf("/") + 1),
      topic,
      isTopic: own !== null,
      below: below.length,
      lastSeq,
      lastAt: reader.events.row(lastSeq)?.receivedAt ?? null,
      preview: previewOf(reader, ownSeq),
    };
  };
}

/** The topics below a level, counted to MAX_COUNTED_TOPICS. */
export function topicsBelow(reader: LogReader, topic: string): number[] {
  return reader.db
    .prepare<[string, string, number], number>("SELECT id FROM topics WHERE topic >= ? AND topic < ? ORDER BY topic LIMIT ?")
    .pluck()
    .all(`${topic}/`, topic + AFTER_SLASH, MAX_COUNTED_TOPICS);
}

/**
 * Reads the topics in order until more levels than `limit` are known, and leaps over what is below a level once enough
 * of it was counted.
 */
function readLevels(reader: LogReader, prefix: string, after: string | null, limit: number): Map<string, Level> {
  const next = reader.db.prepare<[string, string, number], TopicRow>(
    "SELECT id, topic FROM topics WHERE topic >= ? AND topic < ? ORDER BY topic LIMIT ?",
  );
  const levels = new Map<string, Level>();
  const obtain = (name: string): Level => {
    let level = levels.get(name);
    if (!level) levels.set(name, (level = { own: null, below: [] }));
    return level;
  };
  let from = after === null ? prefix : `${prefix}${after}\u0000`;
  let atEnd = false;
  while (!atEnd && levels.size <= limit) {
    const rows = next.all(from, prefix + AFTER_ALL, ROWS_AT_ONCE);
    let leap: string | null = null;
    for (const { id, topic } of rows) {
      if (topic === "") continue;
      const end = topic.indexOf("/", prefix.length);
      const name = end < 0 ? topic.slice(prefix.length) : topic.slice(prefix.length, end);
      if (after !== null && compareBytes(name, after) <= 0) leap = prefix + name + AFTER_SLASH;
      else {
        const level = obtain(name);
        if (end < 0) level.own = id;
        else level.below.push(id);
        if (level.below.length >= MAX_COUNTED_TOPICS) leap = prefix + name + AFTER_SLASH;
      }
      if (leap !== null) break;
    }
    atEnd = leap === null && rows.length < ROWS_AT_ONCE;
    from = leap ?? `${rows.at(-1)?.topic ?? ""}\u0000`;
  }
  if (!atEnd) readOvertaken(reader, prefix, after, from, levels, obtain);
  return levels;
}

/**
 * `a-b` comes before `a/x`, whose level `a` comes before both. What is below such levels and was not reached yet is read
 * here, so that no name is left out between two pages.
 */
function readOvertaken(
  reader: LogReader,
  prefix: string,
  after: string | null,
  reached: string,
  levels: ReadonlyMap<string, Level>,
  obtain: (name: string) => Level,
): void {
  const names = new Set(levels.keys());
  for (const name of levels.keys()) for (let end = 0; end < name.length; end += 1) if (name[end]! < "/") names.add(name.slice(0, end));
  for (const name of names) {
    if (compareBytes(prefix + name + AFTER_SLASH, reached) <= 0 || (after !== null && compareBytes(name, after) <= 0)) continue;
    const below = topicsBelow(reader, prefix + name);
    if (below.length > 0) obtain(name).below.splice(0, Number.POSITIVE_INFINITY, ...below);
  }
}

function previewOf(reader: LogReader, seq: number): string | null {
  const row = seq === 0 ? undefined : reader.events.row(seq);
  return row ? toSummary(reader.events.event(row, "preview", reader.logId), reader.logId).preview : null;
}

/** SQLite's order of text: that of the UTF-8 bytes. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
