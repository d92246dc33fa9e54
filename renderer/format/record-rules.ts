import { MAX_RECORD_RULES, type RecordPolicy, type RecordRule } from "../../main/contract/settings.ts";
import { matchesTopic, topicFilterFault } from "../../main/contract/topic.ts";

export const POLICY_LABELS: Readonly<Record<RecordPolicy, string>> = { all: "Keep all", last: "Only the last", none: "None" };

/** Why the rule at this place cannot be saved; null when it can. */
export function ruleFault(rules: readonly RecordRule[], at: number): string | null {
  const { filter } = rules[at]!;
  if (filter === "") return "Type a topic filter, or remove this rule.";
  const fault = topicFilterFault(filter);
  if (fault) return `${fault[0]!.toUpperCase()}${fault.slice(1)}.`;
  const earlier = rules.findIndex((one) => one.filter === filter);
  return earlier < at ? `Rule ${earlier + 1} has the same filter, so this one is never reached. Remove one of them.` : null;
}

export function rulesFault(rules: readonly RecordRule[]): string | null {
  if (rules.length > MAX_RECORD_RULES) return `At most ${MAX_RECORD_RULES} rules are allowed.`;
  return rules.some((_rule, at) => ruleFault(rules, at) !== null) ? "Mend the marked rules, then save." : null;
}

/** The place of the rule that decides for a topic; null where none does and everything is kept. */
export function decidingRule(rules: readonly RecordRule[], topic: string): number | null {
  const at = rules.findIndex(({ filter }) => filter !== "" && topicFilterFault(filter) === null && matchesTopic(filter, topic));
  return at === -1 ? null : at;
}

export function moveRule<T>(rules: readonly T[], from: number, to: number): readonly T[] {
  if (to < 0 || to >= rules.length || from === to) return rules;
  return rules.toSpliced(from, 1).toSpliced(to, 0, rules[from]!);
}
