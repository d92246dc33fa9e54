import type { TopicValues } from "../contract/topic-view.ts";
import type { StoredTopicNode } from "../hub/ports.ts";
import { toTerm } from "./index-terms.ts";
import { createLevelReader, topicsBelow } from "./list-level.ts";
import type { LogReader } from "./log-reader.ts";
import { numberAt, numericFields } from "./numeric-fields.ts";
import { fromKind } from "./stored-codes.ts";

/** Longer bodies are not looked into for values. */
const MAX_VALUE_BYTES = 4096;
/** Newer events than the index knows are looked through for a topic's newest ones, at most this many. */
const MAX_TAIL_EVENTS = 20_000;

export interface StoredTopicNodes {
  readonly nodes: readonly (StoredTopicNode & { readonly recent: TopicValues | null })[];
  readonly known: number;
}

/** These levels of the topic tree, each with the values of its own `recent` newest events. */
export function readTopicNodes(reader: LogReader, topics: readonly string[], recent: number): StoredTopicNodes {
  return reader.atOnce(() => {
    const describe = createLevelReader(reader);
    const ids = topics.map((topic) => reader.lookup.topicIds([topic])[0] ?? null);
    const newestOf = createNewestFinder(
      reader,
      ids.filter((id) => id !== null),
      recent,
    );
    return {
      nodes: topics.map((topic, at) => {
        const own = ids[at]!;
        const node = describe(topic, { own, below: topicsBelow(reader, topic) });
        return { ...node, recent: own === null ? null : valuesOf(reader, newestOf(own)) };
      }),
      // Topics are never removed, and numbered as they come.
      known: reader.db.prepare<[], number | null>("SELECT max(id) FROM topics").pluck().get() ?? 0,
    };
  });
}

/** The seqs of a topic's newest events, newest first. */
function createNewestFinder(reader: LogReader, ids: readonly number[], count: number): (id: number) => number[] {
  const newer = new Map<number, number[]>();
  if (ids.length === 0 || count === 0) return () => [];
  const from = Math.max(reader.index.indexedSeq(), reader.lastSeq() - MAX_TAIL_EVENTS);
  const tail = reader.db
    .prepare<[number], [number, number]>(
      `SELECT topic_id, seq FROM events WHERE seq > ? AND topic_id IN (${ids.join(",")}) ORDER BY seq DESC`,
    )
    .raw();
  for (const [id, seq] of tail.iterate(from)) {
    const seqs = newer.get(id);
    if (!seqs) newer.set(id, [seq]);
    else if (seqs.length < count) seqs.push(seq);
  }
  const indexed = reader.index.attached
    ? reader.db
        .prepare<[number, number, number], number>("SELECT seq FROM idx.postings WHERE term = ? AND seq <= ? ORDER BY seq DESC LIMIT ?")
        .pluck()
    : null;
  return (id) => {
    const seqs = newer.get(id) ?? [];
    return [...seqs, ...(indexed?.all(toTerm("topic", id), from, count - seqs.length) ?? [])];
  };
}

/** The first numeric field of the newest of these events, and its values in all of them, oldest first. */
function valuesOf(reader: LogReader, newestFirst: readonly number[]): TopicValues | null {
  let field: string | null = null;
  const values: number[] = [];
  for (const seq of newestFirst) {
    const row = reader.events.row(seq);
    if (!row || row.size > MAX_VALUE_BYTES || fromKind(row.kind).state !== "accepted") continue;
    const text = reader.bodies.read(seq, 0, MAX_VALUE_BYTES).toString("utf8");
    field ??= numericFields(text)[0] ?? null;
    if (field === null) return null;
    const value = numberAt(text, field);
    if (value !== null) values.push(value);
  }
  return field === null ? null : { field, values: values.toReversed() };
}
