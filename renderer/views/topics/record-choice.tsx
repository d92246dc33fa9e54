import type { RecordPolicy, RecordRule } from "../../../main/contract/settings.ts";
import { useApp } from "../../components/app-context.tsx";
import { Notice } from "../../components/notice.tsx";
import { Segments } from "../../components/segments.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { useCallResult } from "../../components/use-call-result.ts";
import { POLICY_LABELS, decidingRule } from "../../format/record-rules.ts";
import { withPolicy } from "../../format/topic-policy.ts";

const CHOICES = (["all", "last", "none"] as const).map((id) => ({ id, label: POLICY_LABELS[id] }));
const MEANINGS: Readonly<Record<RecordPolicy, string>> = {
  all: "Every event stays in the log, as long as retention lets it.",
  last: "The newest event alone stays in the log; subscribers still get each of them.",
  none: "Events are given to subscribers and not kept in the log.",
};

/** What of the topic's events the log keeps, and which rule says so. `filter` is what a rule made here is for. */
export function RecordChoice({ topic, filter }: { readonly topic: string; readonly filter: string }) {
  const { router } = useApp();
  const settings = useCallResult("settings.get", {});
  const attempt = useAttempt();
  if (settings.value === null) return null;
  const rules: readonly RecordRule[] = settings.value.record;
  const at = decidingRule(rules, topic);
  const policy = at === null ? "all" : rules[at]!.policy;
  const save = async (wanted: RecordPolicy): Promise<void> => {
    const saved = await attempt.call("settings.save", { record: withPolicy(rules, topic, filter, wanted) });
    if (saved.ok) settings.set(saved.value);
  };
  return (
    <section className="facts">
      <h3>Recorded</h3>
      <div className="record-choice">
        <Segments
          label="What is kept"
          choices={CHOICES}
          value={policy}
          isDisabled={attempt.isBusy}
          onChange={(wanted) => void save(wanted)}
        />
        <p>
          {MEANINGS[policy]}{" "}
          {at === null ? (
            "No rule is about it."
          ) : (
            <>
              By the rule <code>{rules[at]!.filter}</code>.
            </>
          )}{" "}
          <a
            className="link"
            href="/settings/storage"
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey) return;
              event.preventDefault();
              router.go({ page: "settings", item: "storage" });
            }}
          >
            All rules
          </a>
        </p>
        {attempt.refusal && (
          <Notice tone="bad" isAlert>
            {attempt.refusal.message}
          </Notice>
        )}
      </div>
    </section>
  );
}
