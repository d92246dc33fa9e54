import { createHash } from "node:crypto";
import type { WebhookRequest } from "./provider.ts";

/** Longer bodies are not looked into: reading them would hold everybody up. */
const MAX_BYTES = 4 * 1024 * 1024;

/** A body is asked for its id, its type and its signature; it is parsed once. */
const parsed = new WeakMap<Uint8Array, { readonly value: unknown }>();

/** The body as JSON; undefined when it is not. */
export function readJson({ body }: Pick<WebhookRequest, "body">): unknown {
  const known = parsed.get(body);
  if (known) return known.value;
  const value = parse(body);
  parsed.set(body, { value });
  return value;
}

function parse(body: Uint8Array): unknown {
  if (body.length === 0 || body.length > MAX_BYTES) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as unknown;
  } catch {
    return undefined; // not JSON: then it holds nothing that is looked for
  }
}

/** What stands at a path of names and positions; undefined when something is missing on the way. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}

/** The items of a list; none when there is no list. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Text, or a whole number as text; null for all else, also for a number too long to have been read exactly. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | null {
  const found = at(value, ...path);
  if (typeof found === "string") return found === "" ? null : found;
  return Number.isSafeInteger(found) ? String(found) : null;
}

/** One id for several, in any order; null unless each has one. */
export function joinIds(ids: readonly (string | null)[]): string | null {
  const known = ids.filter((id) => id !== null);
  if (known.length < ids.length || known.length === 0) return null;
  return known.length === 1 ? known[0]! : `${known.length}:${digest(JSON.stringify(known.sort()))}`;
}

/** For providers that send no id but a moment or an id of the thing in each body: the same bytes are the same delivery. */
export function contentId({ body }: WebhookRequest): string | null {
  return body.length === 0 ? null : `sha256:${digest(body)}`;
}

function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
