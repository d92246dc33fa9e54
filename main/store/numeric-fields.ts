import { MAX_HISTORY_FIELDS } from "../contract/topic-view.ts";

/** Deeper values are not looked for. */
const MAX_DEPTH = 4;
const MAX_POINTER_CHARS = 200;

/** Names of numbers that say when or which, not how much. */
const NO_MEASURE = /(?:^|[/_-])(?:ts|time|timestamp|date|epoch|id|seq|sequence|counter|uptime)(?:[_-]?(?:ms|us|ns|s))?$/i;
const MOMENT = /(?:_at|[a-z]At)$/;

/**
 * JSON pointers (RFC 6901) of the numbers in a JSON text, clocks and counters after the others; "" when it is a number
 * itself, none when it is no JSON.
 */
export function numericFields(text: string): string[] {
  const value = parse(text);
  if (value === undefined) return [];
  const fields: string[] = [];
  const visit = (part: unknown, pointer: string, depth: number): void => {
    if (fields.length >= MAX_HISTORY_FIELDS || pointer.length > MAX_POINTER_CHARS) return;
    if (typeof part === "number") fields.push(pointer);
    else if (typeof part === "object" && part !== null && depth < MAX_DEPTH)
      for (const [name, inner] of Object.entries(part))
        // SQLite's paths have no way to write a quote in a name.
        if (!name.includes('"')) visit(inner, `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, depth + 1);
  };
  visit(value, "", 0);
  const measures = (field: string): boolean => !NO_MEASURE.test(field) && !MOMENT.test(field);
  return [...fields.filter(measures), ...fields.filter((field) => !measures(field))];
}

/** The number at a JSON pointer of a JSON text; null when there is none. */
export function numberAt(text: string, pointer: string): number | null {
  let at = parse(text);
  for (const name of pointer === "" ? [] : pointer.slice(1).split("/").map(unescape)) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return null;
    at = (at as Record<string, unknown>)[name];
  }
  return typeof at === "number" ? at : null;
}

/** Undefined when it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unescape(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** A JSON pointer as paths of SQLite's JSON functions; null when it cannot be one. A number in it may count in a list, or be a name. */
export function toJsonPaths(pointer: string): readonly [inLists: string, byName: string] | null {
  if (pointer === "") return ["$", "$"];
  if (!pointer.startsWith("/") || pointer.includes('"')) return null;
  const parts = pointer.slice(1).split("/").map(unescape);
  const names = parts.map((part) => `."${part}"`);
  const counts = parts.map((part, at) => (/^(0|[1-9]\d{0,8})$/.test(part) ? `[${part}]` : names[at]!));
  return [`$${counts.join("")}`, `$${names.join("")}`];
}
