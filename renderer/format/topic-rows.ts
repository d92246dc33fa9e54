import type { TopicNode } from "../../main/contract/topic-view.ts";

/** What is known of the levels directly below one level; `null` is above the first ones. */
export interface TreeLevel {
  readonly nodes: readonly TopicNode[];
  /** The hub has more of them than are here. */
  readonly more: boolean;
  readonly status: "loading" | "ready" | "failed";
}

export type TreeLevels = ReadonlyMap<string | null, TreeLevel>;

export type TopicRow =
  | {
      readonly kind: "node";
      readonly node: TopicNode;
      readonly depth: number;
      readonly parent: string | null;
      /** Its place among its siblings from 1 on, and how many they are; -1 while that is not known (ARIA 1.2, aria-setsize). */
      readonly position: number;
      readonly siblings: number;
      /** Null: there is nothing below it. */
      readonly isOpen: boolean | null;
    }
  | { readonly kind: "more"; readonly parent: string | null; readonly depth: number; readonly status: TreeLevel["status"] };

export interface TopicRows {
  readonly rows: readonly TopicRow[];
  /** Where the row of a topic stands. */
  readonly rowOf: ReadonlyMap<string, number>;
}

/** The open part of the tree as rows, top to bottom. */
export function toTopicRows(levels: TreeLevels, isOpen: (topic: string) => boolean): TopicRows {
  const rows: TopicRow[] = [];
  const rowOf = new Map<string, number>();
  const walk = (parent: string | null, depth: number): void => {
    const level = levels.get(parent);
    if (!level) {
      rows.push({ kind: "more", parent, depth, status: "loading" });
      return;
    }
    const siblings = level.more || level.status === "loading" ? -1 : level.nodes.length;
    for (const [at, node] of level.nodes.entries()) {
      const open = node.below === 0 ? null : isOpen(node.topic);
      rowOf.set(node.topic, rows.length);
      rows.push({ kind: "node", node, depth, parent, position: at + 1, siblings, isOpen: open });
      if (open) walk(node.topic, depth + 1);
    }
    if (level.more || level.status !== "ready") rows.push({ kind: "more", parent, depth, status: level.status });
  };
  walk(null, 0);
  return { rows, rowOf };
}

/** The levels of a tree that holds these topics and nothing else. What only the hub knows of them is left empty. */
export function toSearchLevels(topics: readonly string[]): TreeLevels {
  const own = new Set(topics);
  const below = new Map<string, number>();
  const children = new Map<string | null, Map<string, string>>([[null, new Map()]]);
  for (const topic of topics) {
    let parent: string | null = null;
    for (const name of topic.split("/")) {
      const path: string = parent === null ? name : `${parent}/${name}`;
      if (!children.has(parent)) children.set(parent, new Map());
      children.get(parent)!.set(path, name);
      if (path !== topic) below.set(path, (below.get(path) ?? 0) + 1);
      parent = path;
    }
  }
  return new Map(
    [...children].map(([parent, paths]) => [
      parent,
      {
        more: false,
        status: "ready",
        nodes: [...paths].map(([topic, name]) => ({
          name,
          topic,
          isTopic: own.has(topic),
          below: below.get(topic) ?? 0,
          count: 0,
          perSecond: 0,
          lastSeq: 0,
          lastAt: null,
          preview: null,
          retained: false,
          retainedId: null,
        })),
      },
    ]),
  );
}

/** The levels above a topic, the first one first: `a` and `a/b` of `a/b/c`. */
export function levelsAbove(topic: string): string[] {
  const names = topic.split("/");
  return names.slice(1).map((_, at) => names.slice(0, at + 1).join("/"));
}

/** The next row from `from` on whose name begins with the letters typed, round to the top; -1 when there is none (ARIA tree pattern, type-ahead). */
export function findByName(rows: readonly TopicRow[], from: number, typed: string): number {
  const wanted = typed.toLowerCase();
  for (let step = 0; step < rows.length; step += 1) {
    const at = (from + step + rows.length) % rows.length;
    const row = rows[at]!;
    if (row.kind === "node" && row.node.name.toLowerCase().startsWith(wanted)) return at;
  }
  return -1;
}
