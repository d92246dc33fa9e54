import { MAX_COUNTED_TOPICS } from "../contract/topic-view.ts";
import { toSummary } from "../hub/event-view.ts";
import type { StoredTopicNode } from "../hub/ports.ts";
import { createLastSeqFinder } from "./list-topics.ts";
import type { LogReader } from "./log-reader.ts";

interface Level {
  /** The topic itself, when it is one. */
  own: number | null;
  /** Topics below, as far as they were looked at. */
  readonly below: number[];
}

/** The character after "/", so that a search can go on behind everything below a topic. */
const AFTER_SLASH = "0";
const AFTER_ALL = "\u{10ffff}";
const ROWS_AT_ONCE = 256;

/** What stands directly below `parent`, by name. Of what has very many topics below it, only some are looked at. */
export function listLevel(reader: LogReader, parent: string | null, limit: number): { nodes: StoredTopicNode[]; more: boolean } {
  return reader.atOnce(() => {
    const prefix = parent === null ? "" : `${parent}/`;
    const levels = readLevels(reader, prefix, limit);
    const lastOf = createLastSeqFinder(reader);
    const found = [...levels].sort(([a], [b]) => (a < b ? -1 : 1));
    const nodes = found.slice(0, limit).map(([name, { own, below }]): StoredTopicNode => {
      const ownSeq = own === null ? 0 : lastOf(own);
      const lastSeq = Math.max(ownSeq, ...below.map(lastOf));
      return {
        name,
        topic: prefix + name,
        isTopic: own !== null,
        below: below.length,
        lastSeq,
        lastAt: reader.events.row(lastSeq)?.receivedAt ?? null,
        preview: previewOf(reader, ownSeq),
      };
    });
    return { nodes, more: found.length > limit };
  });
}

/** Reads the topics in order, and leaps over what is below a level once enough of it was counted. */
function readLevels(reader: LogReader, prefix: string, limit: number): Map<string, Level> {
  const next = reader.db.prepare<[string, string, number], { id: number; topic: string }>(
    "SELECT id, topic FROM topics WHERE topic >= ? AND topic < ? ORDER BY topic LIMIT ?",
  );
  const levels = new Map<string, Level>();
  for (let from = prefix; levels.size <= limit;) {
    const rows = next.all(from, prefix + AFTER_ALL, ROWS_AT_ONCE);
    let leap: string | null = null;
    for (const { id, topic } of rows) {
      if (topic === "") continue;
      const end = topic.indexOf("/", prefix.length);
      const name = end < 0 ? topic.slice(prefix.length) : topic.slice(prefix.length, end);
      let level = levels.get(name);
      if (!level) levels.set(name, (level = { own: null, below: [] }));
      if (end < 0) level.own = id;
      else level.below.push(id);
      if (level.below.length < MAX_COUNTED_TOPICS) continue;
      leap = prefix + name + AFTER_SLASH;
      break;
    }
    if (leap === null && rows.length < ROWS_AT_ONCE) break;
    from = leap ?? `${rows.at(-1)!.topic}\u0000`;
  }
  return levels;
}

function previewOf(reader: LogReader, seq: number): string | null {
  const row = seq === 0 ? undefined : reader.events.row(seq);
  return row ? toSummary(reader.events.event(row, "preview", reader.logId), reader.logId).preview : null;
}
