import { createStored } from "./stored.ts";

type Chosen = readonly (readonly [topic: string, fields: readonly string[]])[];

const MAX_TOPICS = 100;
const stored = createStored<Chosen>("chart-fields", [], parse);

/** The fields that were chosen to be drawn, by topic; of the last hundred topics, in this browser. */
export const chartFields = {
  of: (topic: string): readonly string[] | null => stored.get().find(([one]) => one === topic)?.[1] ?? null,
  set: (topic: string, fields: readonly string[]): void =>
    stored.set([[topic, fields] as const, ...stored.get().filter(([one]) => one !== topic)].slice(0, MAX_TOPICS)),
};

function parse(value: unknown): Chosen | null {
  const isTexts = (one: unknown): one is readonly string[] => Array.isArray(one) && one.every((text) => typeof text === "string");
  const fits = (entry: unknown): boolean => Array.isArray(entry) && entry.length === 2 && typeof entry[0] === "string" && isTexts(entry[1]);
  return Array.isArray(value) && value.every(fits) ? value : null;
}
