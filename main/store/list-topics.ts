import type { TopicInfo } from "../contract/calls.ts";
import { toTerm } from "./index-terms.ts";
import type { LogReader } from "./log-reader.ts";

/** Newer events than the index knows are looked through for a topic's last one, at most this many. */
const MAX_TAIL_EVENTS = 20_000;
const AFTER_ALL = "\u{10ffff}";

/** The topics that begin with `prefix`, by name, each with the seq of its newest event. */
export function listTopics(reader: LogReader, prefix: string, limit: number): { topics: TopicInfo[]; more: boolean } {
  return reader.atOnce(() => {
    const found = reader.db
      .prepare<[string, string, number], { id: number; topic: string }>(
        "SELECT id, topic FROM topics WHERE topic >= ? AND topic < ? ORDER BY topic LIMIT ?",
      )
      .all(prefix, prefix + AFTER_ALL, limit + 1);
    const lastOf = createLastSeqFinder(reader);
    const topics = found.slice(0, limit).map(({ id, topic }) => ({ topic, lastSeq: lastOf(id) }));
    return { topics, more: found.length > limit };
  });
}

/** The seq of a topic's newest event, by the topic's id; 0 when it has none. */
export function createLastSeqFinder(reader: LogReader): (topicId: number) => number {
  const from = Math.max(reader.index.indexedSeq(), reader.lastSeq() - MAX_TAIL_EVENTS);
  const tail = reader.db
    .prepare<[number], [number, number]>("SELECT topic_id, max(seq) FROM events WHERE seq > ? GROUP BY topic_id")
    .raw()
    .all(from);
  const newest = new Map(tail);
  const indexed = reader.index.attached
    ? reader.db.prepare<[number], number | null>("SELECT max(seq) FROM idx.postings WHERE term = ?").pluck()
    : null;
  return (topicId) => newest.get(topicId) ?? indexed?.get(toTerm("topic", topicId)) ?? 0;
}
