import type { HubEvent } from "./ports.ts";

/** The newest retained event of each topic, found by topic filter. Held in memory, bounded. */
export interface Retained {
  /** Takes notice of a retained event: an empty body clears its topic. False when a bound keeps it out. */
  keep(event: HubEvent): boolean;
  /** Calls `visit` for the retained event of every matching topic. The filter is expected to be valid. */
  match(filter: string, visit: (event: HubEvent) => void): void;
  count(): number;
  bytes(): number;
}

export interface RetainedBounds {
  readonly maxTopics: number;
  readonly maxBytes: number;
}

export const DEFAULT_RETAINED_BOUNDS: RetainedBounds = { maxTopics: 100_000, maxBytes: 256 * 1024 * 1024 };

/** One level of the topics; children are made when the first one comes. */
interface Node {
  children: Map<string, Node> | null;
  event: HubEvent | null;
}

export function createRetained(bounds: RetainedBounds = DEFAULT_RETAINED_BOUNDS): Retained {
  const root: Node = { children: null, event: null };
  let count = 0;
  let bytes = 0;

  return {
    keep(event) {
      if (event.body.length === 0) {
        const cleared = clear(root, event.topic.split("/"), 0);
        if (cleared === null) return true;
        count -= 1;
        bytes -= weigh(cleared);
        return true;
      }
      const before = find(root, event.topic)?.event ?? null;
      const grows = weigh(event) - (before === null ? 0 : weigh(before));
      if ((before === null && count >= bounds.maxTopics) || (grows > 0 && bytes + grows > bounds.maxBytes)) return false;
      let node = root;
      for (const level of event.topic.split("/")) {
        node.children ??= new Map();
        let next = node.children.get(level);
        if (!next) node.children.set(level, (next = { children: null, event: null }));
        node = next;
      }
      node.event = event;
      if (before === null) count += 1;
      bytes += grows;
      return true;
    },
    match(filter, visit) {
      if (/[+#]/.test(filter)) walk(root, filter.split("/"), 0, visit);
      else {
        const event = find(root, filter)?.event;
        if (event) visit(event);
      }
    },
    count: () => count,
    bytes: () => bytes,
  };
}

function weigh(event: HubEvent): number {
  return event.topic.length + event.body.length;
}

function find(root: Node, topic: string): Node | null {
  let node: Node | undefined = root;
  for (const level of topic.split("/")) {
    node = node.children?.get(level);
    if (!node) return null;
  }
  return node;
}

/** Takes the topic's event out, and the levels nobody needs any more with it. */
function clear(node: Node, levels: readonly string[], depth: number): HubEvent | null {
  if (depth === levels.length) {
    const { event } = node;
    node.event = null;
    return event;
  }
  const next = node.children?.get(levels[depth]!);
  if (!next) return null;
  const event = clear(next, levels, depth + 1);
  if (next.event === null && (next.children?.size ?? 0) === 0) node.children!.delete(levels[depth]!);
  return event;
}

function walk(node: Node, levels: readonly string[], depth: number, visit: (event: HubEvent) => void): void {
  if (depth === levels.length) {
    if (node.event) visit(node.event);
    return;
  }
  const level = levels[depth]!;
  // "#" also stands for the parent level (MQTT 5 §4.7.1.2).
  if (level === "#" && node.event) visit(node.event);
  if (level !== "#" && level !== "+") {
    const next = node.children?.get(level);
    if (next) walk(next, levels, depth + 1, visit);
    return;
  }
  for (const [name, next] of node.children ?? []) {
    if (depth === 0 && name.startsWith("$")) continue; // [MQTT-4.7.2-1] wildcards at the start do not match $… topics
    walk(next, levels, level === "#" ? depth : depth + 1, visit);
  }
}
