import type { Database } from "better-sqlite3";
import { matchesTopic } from "../contract/topic.ts";
import type { Lookup } from "./plan-query.ts";

/** Filters whose topics are remembered. */
const MAX_FILTERS = 64;

/** Greater than every text that begins with what it is appended to. */
const AFTER_ALL = "\u{10ffff}";

interface Remembered {
  upTo: number;
  readonly ids: number[];
}

/** Answers the planner out of the log's dictionaries. Topics are never removed, so a filter only looks at new ones. */
export function createLogLookup(db: Database): Lookup {
  const newTopics = db.prepare<[number, string, string], { id: number; topic: string }>(
    "SELECT id, topic FROM topics WHERE id > ? AND topic >= ? AND topic < ?",
  );
  const exactTopic = db.prepare<[string], number>("SELECT id FROM topics WHERE topic = ?").pluck();
  const newest = db.prepare<[], number | null>("SELECT max(id) FROM topics").pluck();
  const nameId = db.prepare<[string], number>("SELECT id FROM names WHERE name = ?").pluck();
  const remembered = new Map<string, Remembered>();

  function matching(filter: string): readonly number[] {
    if (!/[+#]/.test(filter)) {
      const id = exactTopic.get(filter);
      return id === undefined ? [] : [id];
    }
    const known = remembered.get(filter) ?? { upTo: 0, ids: [] };
    remembered.delete(filter);
    if (remembered.size >= MAX_FILTERS) remembered.delete(remembered.keys().next().value!);
    remembered.set(filter, known);
    const upTo = newest.get() ?? 0;
    if (upTo > known.upTo) {
      // `a/#` matches `a` too (MQTT 5 §4.7.1.2), so the fixed part ends before the slash.
      const fixed = filter.slice(0, filter.search(/\/?[+#]/));
      for (const { id, topic } of newTopics.iterate(known.upTo, fixed, fixed + AFTER_ALL))
        if (matchesTopic(filter, topic)) known.ids.push(id);
      known.upTo = upTo;
    }
    return known.ids;
  }

  return {
    topicIds: (filters) => [...new Set(filters.flatMap(matching))],
    nameIds: (names) => names.map((name) => nameId.get(name)).filter((id) => id !== undefined),
  };
}
