import type { TopicInfo } from "../contract/calls.ts";
import { matchesTopic, topicFilterFault } from "../contract/topic.ts";
import { toTerm } from "./index-terms.ts";
import type { LogReader } from "./log-reader.ts";

/** Newer events than the index knows are looked through for a topic's last one, at most this many. */
const MAX_TAIL_EVENTS = 20_000;
const AFTER_ALL = "\u{10ffff}";
/** A search looks at this many topics at most. */
const MAX_SEARCHED = 200_000;

interface TopicRow {
  readonly id: number;
  readonly topic: string;
}

/** The topics that begin with `prefix` and pass `search`, by name, each with the seq of its newest event. */
export function listTopics(reader: LogReader, prefix: string, search: string, limit: number): { topics: TopicInfo[]; more: boolean } {
  return reader.atOnce(() => {
    const passes = toTest(search);
    const rows = reader.db
      .prepare<[string, string, number], TopicRow>("SELECT id, topic FROM topics WHERE topic >= ? AND topic < ? ORDER BY topic LIMIT ?")
      .iterate(prefix, prefix + AFTER_ALL, search === "" ? limit + 1 : MAX_SEARCHED);
    const found: TopicRow[] = [];
    for (const row of rows) {
      if (row.topic !== "" && passes(row.topic)) found.push(row);
      if (found.length > limit) break;
    }
    const lastOf = createLastSeqFinder(reader);
    const topics = found.slice(0, limit).map(({ id, topic }) => ({ topic, lastSeq: lastOf(id) }));
    return { topics, more: found.length > limit };
  });
}

/** What has wildcards and is a topic filter is taken as one; anything else is looked for within the topic, in any case. */
function toTest(search: string): (topic: string) => boolean {
  if (search === "") return () => true;
  if (/[+#]/.test(search) && topicFilterFault(search) === null) return (topic) => matchesTopic(search, topic);
  const wanted = search.toLowerCase();
  return (topic) => topic.toLowerCase().includes(wanted);
}

/** The index still knows removed events until it is swept. When so many of a topic are gone, what stays is what is retained. */
const MAX_STALE_POSTINGS = 16;

/** The seq of a topic's newest event, by the topic's id; 0 when it has none. */
export function createLastSeqFinder(reader: LogReader): (topicId: number) => number {
  const from = Math.max(reader.index.indexedSeq(), reader.lastSeq() - MAX_TAIL_EVENTS);
  const tail = reader.db
    .prepare<[number], [number, number]>("SELECT topic_id, max(seq) FROM events WHERE seq > ? GROUP BY topic_id")
    .raw()
    .all(from);
  const newest = new Map(tail);
  const indexed = reader.index.attached
    ? reader.db
        .prepare<[number, number], number | null>(
          `SELECT max(seq) FROM (SELECT seq FROM idx.postings WHERE term = ? ORDER BY seq DESC LIMIT ?) AS posting
           WHERE EXISTS (SELECT 1 FROM events WHERE events.seq = posting.seq)`,
        )
        .pluck()
    : null;
  const retained = reader.db.prepare<[number], number>("SELECT seq FROM retained WHERE topic_id = ?").pluck();
  return (topicId) => newest.get(topicId) ?? indexed?.get(toTerm("topic", topicId), MAX_STALE_POSTINGS) ?? retained.get(topicId) ?? 0;
}
