import type { RecordPolicy, RecordRule } from "../../main/contract/settings.ts";
import { decidingRule } from "./record-rules.ts";

/**
 * The rules with `policy` for a topic: its own rule, for exactly this filter, comes first where the others say something
 * else, and goes where they say the same.
 */
export function withPolicy(rules: readonly RecordRule[], topic: string, filter: string, policy: RecordPolicy): RecordRule[] {
  const others = rules.filter((rule) => rule.filter !== filter);
  const at = decidingRule(others, topic);
  const byOthers = at === null ? "all" : others[at]!.policy;
  return byOthers === policy ? others : [{ filter, policy }, ...others];
}
