import type { HubEvent, NewEvent } from "./ports.ts";

/** The newest retained event of each topic, found by topic filter. Held in memory, bounded. */
export interface Retained {
  /** Keeps room for an event that is about to be stored, if it needs any; null when a bound keeps it out. To be released when it is stored, or not. */
  reserve(event: NewEvent): (() => void) | null;
  /** Takes notice of a retained event: an empty body clears its topic. False when a bound keeps it out. */
  keep(event: HubEvent): boolean;
  /** The retained events of every matching topic; null now and then, when many topics have been looked at: a moment to let others work. */
  match(filter: string): Generator<HubEvent | null>;
  count(): number;
  bytes(): number;
}

export interface RetainedBounds {
  readonly maxTopics: number;
  /** With what the objects around the bodies take, about. */
  readonly maxBytes: number;
}

export const DEFAULT_RETAINED_BOUNDS: RetainedBounds = { maxTopics: 100_000, maxBytes: 256 * 1024 * 1024 };

/** Topics looked at in one go. */
const LOOKED_AT_ONCE = 2000;
/** What an event takes beside its body, and what each level of its topic may take. */
const EVENT_BYTES = 512;
const LEVEL_BYTES = 128;

/** One level of the topics; children are made when the first one comes. */
interface Node {
  children: Map<string, Node> | null;
  event: HubEvent | null;
}

export function createRetained(bounds: RetainedBounds = DEFAULT_RETAINED_BOUNDS): Retained {
  const root: Node = { children: null, event: null };
  const reserved = { topics: 0, bytes: 0 };
  let count = 0;
  let bytes = 0;

  function needs(event: NewEvent): { topics: number; bytes: number; fits: boolean } {
    const before = find(root, event.topic)?.event ?? null;
    const topics = before === null ? 1 : 0;
    const grows = weigh(event) - (before === null ? 0 : weigh(before));
    const fits =
      (topics === 0 || count + reserved.topics < bounds.maxTopics) && (grows <= 0 || bytes + reserved.bytes + grows <= bounds.maxBytes);
    return { topics, bytes: grows, fits };
  }

  return {
    reserve(event) {
      if (event.body.length === 0) return () => {};
      const need = needs(event);
      if (!need.fits) return null;
      const room = { topics: need.topics, bytes: Math.max(0, need.bytes) };
      reserved.topics += room.topics;
      reserved.bytes += room.bytes;
      return () => {
        reserved.topics -= room.topics;
        reserved.bytes -= room.bytes;
      };
    },
    keep(event) {
      if (event.body.length === 0) {
        const cleared = clear(root, event.topic.split("/"), 0);
        if (cleared === null) return true;
        count -= 1;
        bytes -= weigh(cleared);
        return true;
      }
      const need = needs(event);
      if (!need.fits) return false;
      let node = root;
      for (const level of event.topic.split("/")) {
        node.children ??= new Map();
        let next = node.children.get(level);
        if (!next) node.children.set(level, (next = { children: null, event: null }));
        node = next;
      }
      // In memory of its own: a small body lies in a piece that others share, and would keep all of it.
      const body = Buffer.allocUnsafeSlow(event.body.length);
      body.set(event.body);
      node.event = { ...event, body };
      count += need.topics;
      bytes += need.bytes;
      return true;
    },
    match: (filter) => walk(root, filter.split("/")),
    count: () => count,
    bytes: () => bytes,
  };
}

function weigh(event: NewEvent): number {
  let bytes = event.body.length + EVENT_BYTES + 2 * event.topic.length;
  for (const character of event.topic) if (character === "/") bytes += LEVEL_BYTES;
  for (const [name, value] of event.attributes ?? []) bytes += name.length + value.length;
  return bytes;
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

/** Depth first, by a stack of its own: who reads may stop in between, and go on later. */
function* walk(root: Node, levels: readonly string[]): Generator<HubEvent | null> {
  const open: { readonly nodes: Iterator<[string, Node]>; readonly depth: number; readonly atRoot: boolean }[] = [];
  let node: Node | null = root;
  let depth = 0;
  let looked = 0;
  for (;;) {
    while (node !== null) {
      looked += 1;
      if (looked % LOOKED_AT_ONCE === 0) yield null;
      const level = levels[depth];
      // "#" also stands for the parent level (MQTT 5 §4.7.1.2).
      if ((level === undefined || level === "#") && node.event !== null) yield node.event;
      if ((level === "#" || level === "+") && node.children !== null)
        open.push({ nodes: node.children.entries(), depth: level === "#" ? depth : depth + 1, atRoot: node === root });
      node = level === undefined || level === "#" || level === "+" ? null : (node.children?.get(level) ?? null);
      depth += 1;
    }
    const top = open.at(-1);
    if (top === undefined) return;
    const next = top.nodes.next();
    if (next.done === true) open.pop();
    else if (!(top.atRoot && next.value[0].startsWith("$"))) {
      // [MQTT-4.7.2-1] wildcards at the start do not match $… topics
      node = next.value[1];
      depth = top.depth;
    }
  }
}
