import { Plus } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "react-aria-components";
import type { RecordRule, Settings } from "../../../../main/contract/settings.ts";
import { useApp } from "../../../components/app-context.tsx";
import { TextRow } from "../../../components/text-row.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useDraft } from "../../../components/use-draft.ts";
import { decidingRule, moveRule, POLICY_LABELS, rulesFault } from "../../../format/record-rules.ts";
import { Panel } from "../panel.tsx";
import { SaveBar } from "../save-bar.tsx";
import { RuleRow } from "./rule-row.tsx";

interface RecordPanelProps {
  readonly saved: readonly RecordRule[];
  readonly onSaved: (settings: Settings) => void;
}

/** Which topics are recorded: an ordered list of rules, the first that matches decides. */
export function RecordPanel({ saved, onSaved }: RecordPanelProps) {
  const { toasts } = useApp();
  const draft = useDraft<readonly RecordRule[]>("record", saved);
  const attempt = useAttempt();
  const list = useRef<HTMLOListElement>(null);
  const [topic, setTopic] = useState("");
  const { value: rules, change } = draft;
  const deciding = topic === "" ? undefined : decidingRule(rules, topic);

  const focusInRule = (at: number, what: string): void => list.current?.children[at]?.querySelector<HTMLElement>(what)?.focus();
  const focusFilter = (at: number): void => void setTimeout(() => focusInRule(at, "input")); // once it is there
  const move = (from: number, to: number): void => change(moveRule(draft.latest(), from, to));
  const save = async (): Promise<void> => {
    const result = await attempt.call("settings.save", { record: rules });
    if (!result.ok) return;
    draft.discard();
    onSaved(result.value);
    toasts.show("Record rules saved; they hold for events from now on");
  };
  return (
    <Panel
      title="Record rules"
      lead="Every event is passed on; a rule says what of it stays in the log. The first rule that matches a topic decides."
      aside={
        <Button
          className="button"
          onPress={() => {
            change([...rules, { filter: "", policy: "last" }]);
            focusFilter(rules.length);
          }}
        >
          <Plus size={14} aria-hidden="true" />
          Add a rule
        </Button>
      }
    >
      <ol ref={list} className="rules" aria-label="Record rules">
        {rules.map((_rule, at) => (
          <RuleRow
            // A rule has no identity beside its place.
            // oxlint-disable-next-line react/no-array-index-key
            key={at}
            rules={rules}
            at={at}
            decides={deciding === at}
            onChange={(next) => change(rules.with(at, next))}
            onMove={(to) => {
              move(at, to);
              // At once, for the next press of the key; at an end only the other way is left.
              const way = to === 0 ? "down" : to === rules.length - 1 ? "up" : to > at ? "down" : "up";
              focusInRule(to, `[data-way="${way}"]`);
            }}
            onDrag={move}
            onRemove={() => {
              change(rules.toSpliced(at, 1));
              focusFilter(Math.min(at, rules.length - 2));
            }}
          />
        ))}
        <li className={deciding === null ? "rule rule--rest rule--decides" : "rule rule--rest"}>
          <span className="rule__filter">everything else</span>
          <span>{POLICY_LABELS.all}</span>
        </li>
      </ol>
      {rules.length > 0 && (
        <div className="rules__try">
          <TextRow
            label="Which rule decides for the topic"
            isMono
            placeholder="sensors/kitchen/temperature"
            value={topic}
            onChange={setTopic}
          />
          <p role="status">
            {deciding === undefined
              ? ""
              : deciding === null
                ? "None: all of it is kept."
                : `Rule ${deciding + 1}: ${POLICY_LABELS[rules[deciding]!.policy].toLowerCase()}.`}
          </p>
        </div>
      )}
      <SaveBar
        isDirty={draft.isDirty}
        isBusy={attempt.isBusy}
        refusal={attempt.refusal}
        fault={rulesFault(rules)}
        onSave={() => void save()}
        onDiscard={() => {
          attempt.clear();
          draft.discard();
        }}
      />
    </Panel>
  );
}
