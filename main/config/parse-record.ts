import { MAX_RECORD_RULES, RECORD_POLICIES, type RecordRule } from "../contract/settings.ts";
import { topicFilterFault } from "../contract/topic.ts";
import type { ParseValue } from "./parse-value.ts";

const EXPECTED = `at most ${MAX_RECORD_RULES} rules like "debug/#=none" (in the file also as a list of "debug/#: none"), each a topic filter and one of ${RECORD_POLICIES.join(", ")}`;

/** Rules in order: `filter=policy`, several parted by spaces; or, from YAML, a list of such and of one-entry maps. */
export const parseRecord: ParseValue<readonly RecordRule[]> = (foreign) => {
  const parts: unknown[] = Array.isArray(foreign) ? foreign : [foreign];
  const rules = parts.flatMap(toPairs).map(toRule);
  const named = rules.filter((rule) => rule !== null);
  return named.length === rules.length && named.length <= MAX_RECORD_RULES ? { value: named } : { expected: EXPECTED };
};

type Pair = readonly [filter: string, policy: unknown];

function toPairs(part: unknown): readonly Pair[] {
  if (typeof part === "string")
    return part
      .split(/\s+/)
      .filter((text) => text !== "")
      .map(toPair);
  if (typeof part === "object" && part !== null && !Array.isArray(part)) return Object.entries(part);
  return [["", part]];
}

/** A filter may hold `=` itself; a policy does not. */
function toPair(text: string): Pair {
  const at = text.lastIndexOf("=");
  return [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
}

function toRule([filter, foreign]: Pair): RecordRule | null {
  const policy = RECORD_POLICIES.find((one) => one === foreign);
  return policy === undefined || topicFilterFault(filter) !== null ? null : { filter, policy };
}
