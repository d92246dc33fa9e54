/** Values kept under topic filters, found by topic (contract/topic.ts says what matches) without trying every filter. */
export interface TopicIndex<T> {
  /** Adds a value under a valid filter; the answer takes it out again, and says whether it was still there. The same value may be added several times. */
  add(filter: string, value: T): () => boolean;
  /** Calls `visit` for every value whose filter matches, once per addition. */
  match(topic: string, visit: (value: T) => void): void;
  size(): number;
}

/** One level of the filters; the wildcards are children like any other name, since no topic level may hold them. */
interface Node<T> {
  /** Null while there are none: most levels have only the one or the other, and there may be one for each peer. */
  children: Map<string, Node<T>> | null;
  values: Set<{ readonly value: T }> | null;
}

/** Matches found lately are remembered until a filter comes or goes: so many values and topics. */
const MAX_REMEMBERED_VALUES = 100_000;
const MAX_REMEMBERED_TOPICS = 10_000;

export function createTopicIndex<T>(): TopicIndex<T> {
  const root: Node<T> = createNode();
  const remembered = new Map<string, readonly T[]>();
  let rememberedValues = 0;
  let size = 0;

  const forget = (): void => {
    if (remembered.size > 0) remembered.clear();
    rememberedValues = 0;
  };
  const find = (topic: string): readonly T[] => {
    const found: T[] = [];
    walk(root, topic.split("/"), 0, topic.startsWith("$"), (value) => found.push(value));
    rememberedValues += found.length;
    if (rememberedValues > MAX_REMEMBERED_VALUES || remembered.size >= MAX_REMEMBERED_TOPICS) forget();
    remembered.set(topic, found);
    return found;
  };

  return {
    add(filter, value) {
      forget();
      const path = [root];
      const levels = filter.split("/");
      for (const level of levels) path.push(child(path.at(-1)!, level));
      const entry = { value };
      const last = path.at(-1)!;
      (last.values ??= new Set()).add(entry);
      size += 1;
      return () => {
        if (!last.values!.delete(entry)) return false;
        size -= 1;
        forget();
        // Levels nobody needs any more go, or every filter ever used would stay.
        for (let depth = levels.length; depth > 0 && isEmpty(path[depth]!); depth -= 1) {
          const children = path[depth - 1]!.children!;
          if (children.get(levels[depth - 1]!) === path[depth]) children.delete(levels[depth - 1]!);
        }
        return true;
      };
    },
    match(topic, visit) {
      for (const value of remembered.get(topic) ?? find(topic)) visit(value);
    },
    size: () => size,
  };
}

function walk<T>(node: Node<T>, levels: readonly string[], depth: number, hidden: boolean, visit: (value: T) => void): void {
  const wild = !(hidden && depth === 0); // [MQTT-4.7.2-1] wildcards at the start do not match $… topics
  if (wild) visitAll(node.children?.get("#"), visit); // "#" also stands for the parent level (§4.7.1.2)
  if (depth === levels.length) {
    visitAll(node, visit);
    return;
  }
  const exact = node.children?.get(levels[depth]!);
  if (exact) walk(exact, levels, depth + 1, hidden, visit);
  const any = wild ? node.children?.get("+") : undefined;
  if (any) walk(any, levels, depth + 1, hidden, visit);
}

const NONE: readonly never[] = [];

function visitAll<T>(node: Node<T> | undefined, visit: (value: T) => void): void {
  for (const entry of node?.values ?? NONE) visit(entry.value);
}

function child<T>(node: Node<T>, level: string): Node<T> {
  node.children ??= new Map();
  let found = node.children.get(level);
  if (!found) node.children.set(level, (found = createNode()));
  return found;
}

function createNode<T>(): Node<T> {
  return { children: null, values: null };
}

function isEmpty<T>(node: Node<T>): boolean {
  return (node.values?.size ?? 0) === 0 && (node.children?.size ?? 0) === 0;
}
