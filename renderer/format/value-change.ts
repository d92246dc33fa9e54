import { toChange } from "./number.ts";

/** What is different in an event's value from the one before it, in a few words; null when nothing can be said. */
export interface ValueChange {
  readonly kind: "same" | "up" | "down" | "other";
  readonly text: string;
}

const MAX_FIELDS = 3;

/** Compares two previews: numbers by how much, flat JSON by its fields. */
export function toValueChange(before: string | null, now: string | null): ValueChange | null {
  if (before === null || now === null) return null;
  if (before === now) return { kind: "same", text: "same" };
  const [from, to] = [parse(before), parse(now)];
  if (typeof from === "number" && typeof to === "number") return numberChange(from, to);
  if (!isRecord(from) || !isRecord(to)) return null;
  const fields: string[] = [];
  let last: ValueChange = { kind: "other", text: "" };
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [was, is] = [from[name], to[name]];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    if (is === undefined) fields.push(`${name} gone`);
    else if (typeof was === "number" && typeof is === "number") {
      last = numberChange(was, is);
      fields.push(`${name} ${last.text}`);
    } else fields.push(isRecord(is) || Array.isArray(is) ? name : `${name} → ${JSON.stringify(is)}`);
  }
  if (fields.length === 0) return { kind: "same", text: "same" };
  const more = fields.length > MAX_FIELDS ? ` and ${fields.length - MAX_FIELDS} more` : "";
  return { kind: fields.length === 1 ? last.kind : "other", text: fields.slice(0, MAX_FIELDS).join(", ") + more };
}

function numberChange(from: number, to: number): ValueChange {
  return { kind: to > from ? "up" : to < from ? "down" : "same", text: toChange(to - from) || "same" };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
