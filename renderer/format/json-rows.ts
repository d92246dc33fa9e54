import { childCountOf, nextOf, readNode, type JsonIndex, type JsonKind } from "./json-index.ts";

/** One visible line of the tree. */
export interface JsonRow {
  readonly node: number;
  readonly depth: number;
  /** The key, the index in an array as text, or null at the root. */
  readonly label: string | null;
  readonly inArray: boolean;
  readonly kind: JsonKind;
  /** A scalar as written, cut at MAX_SCALAR_CHARS; of a container, its beginning on one line. */
  readonly text: string;
  readonly cut: boolean;
  readonly children: number;
  readonly expanded: boolean;
}

/** Which nodes of a JSON index are visible. Changed in place; `version` tells that it was. */
export interface JsonRows {
  readonly count: number;
  readonly version: number;
  row(position: number): JsonRow;
  toggle(position: number): void;
  /** Opens containers from the top down while no more than `limit` rows are visible. */
  expandAll(limit: number): void;
  collapseAll(): void;
  /** Opens what hides the node; answers its position. */
  reveal(node: number): number;
  /** The position of the row's parent, or -1. */
  parentOf(position: number): number;
  /** `user.emails[3]["a b"]`; `$` for the root. */
  pathOf(node: number): string;
  /** The value's exact text. */
  textOf(node: number): string;
  /** Nodes whose key or scalar contains the words, at most `limit`. */
  search(words: string, limit: number): number[];
}

const MAX_SCALAR_CHARS = 400;
const PREVIEW_CHARS = 80;

/** A visible node: how deep it stands, and which child of its parent it is. */
interface Entry {
  readonly node: number;
  readonly depth: number;
  readonly ordinal: number;
}

export function createJsonRows(text: string, index: JsonIndex): JsonRows {
  let entries: Entry[] = [{ node: 0, depth: 0, ordinal: 0 }];
  const expanded = new Set<number>();
  let version = 0;

  const childrenOf = (node: number): number[] => {
    const out: number[] = [];
    const end = nextOf(index, node);
    for (let child = node + 1; child < end; child = nextOf(index, child)) out.push(child);
    return out;
  };
  const open = (position: number): void => {
    const { node, depth } = entries[position]!;
    if (expanded.has(node) || childCountOf(index, node) === 0) return;
    const children = childrenOf(node).map((child, ordinal) => ({ node: child, depth: depth + 1, ordinal }));
    expanded.add(node);
    entries = entries.slice(0, position + 1).concat(children, entries.slice(position + 1));
    version += 1;
  };
  const close = (position: number): void => {
    const last = nextOf(index, entries[position]!.node);
    let end = position + 1;
    while (end < entries.length && entries[end]!.node < last) end += 1;
    for (const inner of entries.slice(position, end)) expanded.delete(inner.node);
    entries = entries.slice(0, position + 1).concat(entries.slice(end));
    version += 1;
  };
  /** The chain of nodes from the root down to this one, with their place among their parent's children. */
  const chainOf = (node: number): { node: number; ordinal: number }[] => {
    const chain = [{ node: 0, ordinal: 0 }];
    for (let at = 0; at !== node;) {
      let ordinal = 0;
      for (at += 1; nextOf(index, at) <= node; at = nextOf(index, at)) ordinal += 1;
      chain.push({ node: at, ordinal });
    }
    return chain;
  };

  return {
    get count() {
      return entries.length;
    },
    get version() {
      return version;
    },
    row: (position) => {
      const { node, depth, ordinal } = entries[position]!;
      const value = readNode(text, index, node);
      const scalar = value.kind !== "object" && value.kind !== "array";
      const inArray = depth > 0 && value.key === null;
      const limit = scalar ? MAX_SCALAR_CHARS : PREVIEW_CHARS;
      const shown = text.slice(value.start, Math.min(value.end, value.start + limit));
      return {
        node,
        depth,
        label: value.key ?? (inArray ? String(ordinal) : null),
        inArray,
        kind: value.kind,
        text: scalar ? shown : shown.replace(/\s+/g, " "),
        cut: value.end - value.start > limit,
        children: value.children,
        expanded: expanded.has(node),
      };
    },
    toggle: (position) => (expanded.has(entries[position]!.node) ? close(position) : open(position)),
    expandAll: (limit) => {
      let depth = 0;
      for (let before = -1; before !== entries.length; depth += 1) {
        before = entries.length;
        for (let position = 0; position < entries.length; position += 1) {
          const entry = entries[position]!;
          if (entry.depth === depth && entries.length + childCountOf(index, entry.node) <= limit) open(position);
        }
        if (entries.some((entry) => entry.depth > depth)) before = -1;
      }
    },
    collapseAll: () => {
      close(0);
      open(0);
    },
    reveal: (node) => {
      for (const one of chainOf(node).slice(0, -1)) open(positionIn(entries, one.node));
      return positionIn(entries, node);
    },
    parentOf: (position) => {
      let at = position - 1;
      while (at >= 0 && entries[at]!.depth >= entries[position]!.depth) at -= 1;
      return at;
    },
    pathOf: (node) => {
      const path = chainOf(node)
        .slice(1)
        .map((one) => {
          const { key } = readNode(text, index, one.node);
          if (key === null) return `[${one.ordinal}]`;
          return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
        });
      return path.join("").replace(/^\./, "") || "$";
    },
    textOf: (node) => {
      const { start, end } = readNode(text, index, node);
      return text.slice(start, end);
    },
    search: (words, limit) => {
      const wanted = words.toLowerCase();
      const found: number[] = [];
      for (let node = 0; node < index.count && found.length < limit; node += 1) {
        const value = readNode(text, index, node);
        const isLeaf = value.kind !== "object" && value.kind !== "array";
        const inKey = value.key?.toLowerCase().includes(wanted) ?? false;
        if (inKey || (isLeaf && text.slice(value.start, value.end).toLowerCase().includes(wanted))) found.push(node);
      }
      return found;
    },
  };
}

/** Visible nodes stand in ascending order. */
function positionIn(entries: readonly Entry[], node: number): number {
  let [low, high] = [0, entries.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.node < node) low = middle + 1;
    else high = middle;
  }
  return entries[low]?.node === node ? low : -1;
}
