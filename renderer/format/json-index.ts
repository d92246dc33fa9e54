/**
 * Where every value of a JSON text (RFC 8259) is, without building the values: five numbers a value in one flat array.
 * So numbers keep their digits, doubled keys stay, a tree of a million values costs 20 MB, and the array can be made in
 * a worker and handed over without a copy. The scan is strict and not recursive: depth is bounded by memory alone.
 */
export interface JsonIndex {
  readonly nodes: Int32Array<ArrayBuffer>;
  readonly count: number;
}

export interface JsonFault {
  readonly fault: string;
  readonly offset: number;
}

/** Fields of a node: first character, one past the last, the node after its whole subtree, children, opening quote of its key or -1. */
export const STRIDE = 5;
const [END, NEXT, CHILDREN, KEY] = [1, 2, 3, 4] as const;

/** More values than this are not worth a tree; at 20 bytes each they are 40 MB. */
export const MAX_JSON_NODES = 2_000_000;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: Readonly<Record<string, string>> = { t: "true", f: "false", n: "null" };

export function indexJson(text: string): JsonIndex | JsonFault {
  let nodes = new Int32Array(Math.max(64, Math.ceil(text.length / 8)) * STRIDE);
  let count = 0;
  let at = 0;
  const open: number[] = [];

  const add = (start: number, end: number, key: number): number => {
    const base = count * STRIDE;
    if (base + STRIDE > nodes.length) {
      const grown = new Int32Array(nodes.length * 2);
      grown.set(nodes);
      nodes = grown;
    }
    nodes[base] = start;
    nodes[base + END] = end;
    nodes[base + NEXT] = count + 1;
    nodes[base + CHILDREN] = 0;
    nodes[base + KEY] = key;
    const parent = open.at(-1);
    if (parent !== undefined) nodes[parent * STRIDE + CHILDREN]! += 1;
    return count++;
  };
  const space = (): number => {
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return code;
      at += 1;
    }
  };
  const fault = (expected: string): JsonFault => ({
    fault: at >= text.length ? `the text ends where ${expected} should be` : `${expected} expected`,
    offset: at,
  });

  for (;;) {
    if (count >= MAX_JSON_NODES) return { fault: `more than ${MAX_JSON_NODES} values`, offset: at };
    // One value, with its key where the parent is an object.
    let key = -1;
    let code = space();
    const parent = open.at(-1);
    if (parent !== undefined && text.charCodeAt(nodes[parent * STRIDE]!) === 123) {
      if (code !== 34) return fault("a key in quotes");
      key = at;
      const end = stringEnd(text, at);
      if (end < 0) return { fault: "the key is not a valid string", offset: -end };
      at = end;
      if (space() !== 58) return fault("a colon");
      at += 1;
      code = space();
    }
    if (code === 123 || code === 91) {
      open.push(add(at, -1, key));
      at += 1;
      if (space() !== code + 2) continue; // `}` is `{` + 2, and so with brackets
    } else if (code === 34) {
      const end = stringEnd(text, at);
      if (end < 0) return { fault: "the string is not valid", offset: -end };
      add(at, end, key);
      at = end;
    } else {
      const end = plainEnd(text, at);
      if (end < 0) return fault("a value");
      add(at, end, key);
      at = end;
    }
    // What ends after it: any number of containers, then a comma or the text.
    for (;;) {
      const container = open.at(-1);
      const closing = space();
      if (container === undefined) return at >= text.length ? { nodes, count } : fault("the end of the text");
      const opener = text.charCodeAt(nodes[container * STRIDE]!);
      if (closing === opener + 2) {
        at += 1;
        nodes[container * STRIDE + END] = at;
        nodes[container * STRIDE + NEXT] = count;
        open.pop();
        continue;
      }
      if (closing !== 44) return fault(opener === 123 ? "a comma or }" : "a comma or ]");
      at += 1;
      break;
    }
  }
}

/** One past the closing quote, or the negative offset of what is wrong. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code < 32) return -at;
    if (code === 92) {
      at += 1;
      const escape = text[at] ?? "";
      if (escape === "u") {
        if (!/^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) return -at;
        at += 4;
      } else if (!'"\\/bfnrt'.includes(escape) || escape === "") return -at;
    }
  }
  return -text.length;
}

/** One past a number, true, false or null; -1 when there is none. */
function plainEnd(text: string, start: number): number {
  const word = WORDS[text[start] ?? ""];
  if (word) return text.startsWith(word, start) ? start + word.length : -1;
  NUMBER.lastIndex = start;
  return NUMBER.test(text) ? NUMBER.lastIndex : -1;
}

export type JsonKind = "object" | "array" | "string" | "number" | "boolean" | "null";

/** One value of an index, read out of the text. */
export interface JsonNode {
  readonly kind: JsonKind;
  readonly start: number;
  readonly end: number;
  readonly next: number;
  readonly children: number;
  /** The key as text; null in an array and at the root. */
  readonly key: string | null;
}

export function readNode(text: string, index: JsonIndex, node: number): JsonNode {
  const base = node * STRIDE;
  const start = index.nodes[base]!;
  const keyStart = index.nodes[base + KEY]!;
  return {
    kind: kindAt(text, start),
    start,
    end: index.nodes[base + END]!,
    next: index.nodes[base + NEXT]!,
    children: index.nodes[base + CHILDREN]!,
    key: keyStart < 0 ? null : (JSON.parse(text.slice(keyStart, stringEnd(text, keyStart))) as string),
  };
}

function kindAt(text: string, start: number): JsonKind {
  switch (text[start]) {
    case "{":
      return "object";
    case "[":
      return "array";
    case '"':
      return "string";
    case "t":
    case "f":
      return "boolean";
    case "n":
      return "null";
    default:
      return "number";
  }
}

/** The node after this one's subtree, without reading the rest of it. */
export function nextOf(index: JsonIndex, node: number): number {
  return index.nodes[node * STRIDE + NEXT]!;
}

export function childCountOf(index: JsonIndex, node: number): number {
  return index.nodes[node * STRIDE + CHILDREN]!;
}
