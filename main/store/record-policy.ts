import type { RecordPolicy, RecordRule } from "../contract/settings.ts";
import { matchesTopic } from "../contract/topic.ts";

/** Topics looked up lately; thrown away when it has grown to this. */
const MAX_REMEMBERED = 20_000;

/** Which policy a topic's events are recorded by: the first matching rule's, else `all`. */
export interface RecordPolicies {
  of(topic: string): RecordPolicy;
  set(rules: readonly RecordRule[]): void;
}

export function createRecordPolicies(initial: readonly RecordRule[] = []): RecordPolicies {
  const remembered = new Map<string, RecordPolicy>();
  let rules = initial;
  return {
    of(topic) {
      if (rules.length === 0) return "all";
      let policy = remembered.get(topic);
      if (policy === undefined) {
        policy = rules.find(({ filter }) => matchesTopic(filter, topic))?.policy ?? "all";
        if (remembered.size >= MAX_REMEMBERED) remembered.clear();
        remembered.set(topic, policy);
      }
      return policy;
    },
    set(next) {
      rules = next;
      remembered.clear();
    },
  };
}
