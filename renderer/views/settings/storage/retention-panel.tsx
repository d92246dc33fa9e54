import { useEffect, useState } from "react";
import type { Retention, Settings } from "../../../../main/contract/settings.ts";
import { useApp, useReadable } from "../../../components/app-context.tsx";
import { Notice } from "../../../components/notice.tsx";
import { SelectRow, type Choice } from "../../../components/select-row.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useDraft } from "../../../components/use-draft.ts";
import {
  fromRetentionForm,
  removalText,
  removedBy,
  retentionFaults,
  toRetentionForm,
  type BoundForm,
  type RetentionForm,
  type SizeUnit,
  type TimeUnit,
} from "../../../format/retention-form.ts";
import { Panel } from "../panel.tsx";
import { SaveBar } from "../save-bar.tsx";
import { BoundRow } from "./bound-row.tsx";

const TIME_CHOICES: readonly Choice<TimeUnit>[] = [
  { id: "min", label: "minutes" },
  { id: "h", label: "hours" },
  { id: "d", label: "days" },
];
const SIZE_CHOICES: readonly Choice<SizeUnit>[] = [
  { id: "MB", label: "MB" },
  { id: "GB", label: "GB" },
  { id: "TB", label: "TB" },
];

interface RetentionPanelProps {
  readonly saved: Retention;
  readonly onSaved: (settings: Settings) => void;
}

/** How long, how many and how much is kept, with what a change would take away. */
export function RetentionPanel({ saved, onSaved }: RetentionPanelProps) {
  const { toasts } = useApp();
  const draft = useDraft<RetentionForm>("retention", toRetentionForm(saved));
  const attempt = useAttempt();
  const { value: form, change } = draft;
  const faults = retentionFaults(form);
  const isSound = Object.values(faults).every((fault) => fault === null);
  const wanted = isSound ? fromRetentionForm(form) : null;
  const removal = useRemoval(draft.isDirty ? wanted : null);

  const save = async (): Promise<void> => {
    if (!wanted) return;
    const result = await attempt.call("settings.save", { retention: wanted });
    if (!result.ok) return;
    draft.discard();
    onSaved(result.value);
    toasts.show("Retention saved; it is in force now");
  };
  const put = <K extends keyof RetentionForm>(name: K, bound: RetentionForm[K]): void => change({ ...form, [name]: bound });
  const units = <U extends string>(
    label: string,
    choices: readonly Choice<U>[],
    bound: BoundForm<U>,
    onChange: (next: BoundForm<U>) => void,
  ) => (
    <SelectRow
      label={label}
      hidesLabel
      choices={choices}
      value={bound.unit}
      onChange={(unit) => onChange({ ...bound, unit })}
      isDisabled={!bound.isOn}
    />
  );
  return (
    <Panel title="Retention" lead="The oldest events go first, a few at a time. Without a bound everything is kept until the disk is full.">
      <div className="bounds">
        <BoundRow label="Keep events for" of="age" bound={form.time} fault={faults.time} onChange={(bound) => put("time", bound)}>
          {units("Unit of age", TIME_CHOICES, form.time, (bound) => put("time", bound))}
        </BoundRow>
        <BoundRow label="Keep at most" of="count" bound={form.events} fault={faults.events} onChange={(bound) => put("events", bound)}>
          <span className="bound__unit">events</span>
        </BoundRow>
        <BoundRow label="Keep at most" of="size" bound={form.bytes} fault={faults.bytes} onChange={(bound) => put("bytes", bound)}>
          {units("Unit of size", SIZE_CHOICES, form.bytes, (bound) => put("bytes", bound))}
        </BoundRow>
      </div>
      {removal && (
        <div className="panel__notice">
          <Notice tone={removal.removed > 0 ? "warn" : "info"}>{removal.text}</Notice>
        </div>
      )}
      <SaveBar
        isDirty={draft.isDirty}
        isBusy={attempt.isBusy}
        refusal={attempt.refusal}
        fault={isSound ? null : "Mend the marked fields, then save."}
        onSave={() => void save()}
        onDiscard={() => {
          attempt.clear();
          draft.discard();
        }}
      />
    </Panel>
  );
}

/** What these bounds would take away; null while that is not known or not asked. */
function useRemoval(wanted: Retention | null): { readonly removed: number; readonly text: string } | null {
  const { connection, hub } = useApp();
  const status = useReadable(hub.status);
  const keepForMs = wanted?.keepForMs ?? null;
  const [older, setOlder] = useState<{ readonly keepForMs: number; readonly count: number } | null>(null);
  useEffect(() => {
    if (keepForMs === null) return;
    let current = true;
    const to = Math.max(2, hub.now() - keepForMs);
    connection.call("events.timeline", { from: 1, to, buckets: 1 }).then(
      ({ counts }) => current && setOlder({ keepForMs, count: counts[0] ?? 0 }),
      () => undefined, // without an answer nothing is said about it
    );
    return () => {
      current = false;
    };
  }, [connection, hub, keepForMs]);
  if (!wanted || !status || (keepForMs !== null && older?.keepForMs !== keepForMs)) return null;
  const removed = removedBy(wanted, status.log, keepForMs === null ? 0 : (older?.count ?? 0));
  const text = removalText(wanted, removed, status.log.events);
  return text === null ? null : { removed, text };
}
