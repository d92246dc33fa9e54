import { createStored } from "./stored.ts";

/** What was published from this browser. */
export interface Publication {
  readonly topic: string;
  readonly payload: string;
  readonly encoding: "utf8" | "base64";
  readonly contentType: string | null;
  readonly retain: boolean;
  readonly qos: 0 | 1 | 2 | null;
}

export interface Published extends Publication {
  readonly at: number;
  readonly id: string;
  readonly seq: number;
}

const MAX_PUBLISHED = 30;
/** A longer payload is published all the same, and not remembered. */
const MAX_CHARS = 8 * 1024;

const stored = createStored<readonly Published[]>("published", [], (value) =>
  Array.isArray(value) && value.every(isPublished) ? (value as readonly Published[]) : null,
);

/** The last publications of this browser, newest first. */
export const published = {
  all: stored,
  add: (one: Published): void => {
    if (one.payload.length <= MAX_CHARS) stored.set([one, ...stored.get()].slice(0, MAX_PUBLISHED));
  },
  clear: (): void => stored.set([]),
};

function isPublished(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const one = value as Record<string, unknown>;
  return (
    ["topic", "payload", "id"].every((name) => typeof one[name] === "string") &&
    ["at", "seq"].every((name) => typeof one[name] === "number") &&
    (one["encoding"] === "utf8" || one["encoding"] === "base64") &&
    (one["contentType"] === null || typeof one["contentType"] === "string") &&
    typeof one["retain"] === "boolean" &&
    [null, 0, 1, 2].includes(one["qos"] as null)
  );
}
