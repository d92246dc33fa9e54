import { useState } from "react";
import type { NewKeyInfo } from "../../../../main/contract/key.ts";
import { useApp } from "../../../components/app-context.tsx";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { SelectRow, type Choice } from "../../../components/select-row.tsx";
import { TextRow } from "../../../components/text-row.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { choiceFault, keyNameFault, NEW_KEY, toExpiry, toFilters, type Expiry } from "../../../format/key-form.ts";
import { toDateTime } from "../../../format/time.ts";
import { FilterField } from "./filter-field.tsx";

const EXPIRY_CHOICES: readonly Choice<Expiry>[] = [
  { id: "never", label: "Never" },
  { id: "1d", label: "In a day" },
  { id: "7d", label: "In a week" },
  { id: "30d", label: "In 30 days" },
  { id: "90d", label: "In 90 days" },
  { id: "365d", label: "In a year" },
  { id: "date", label: "On a date…" },
];

interface AddKeyDialogProps {
  /** Names there are. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onMade: (key: NewKeyInfo) => void;
}

/** Asks for a new key's name, expiry and topics. */
export function AddKeyDialog({ taken, onClose, onMade }: AddKeyDialogProps) {
  const { hub } = useApp();
  const attempt = useAttempt();
  const [form, setForm] = useState(NEW_KEY);
  const [isChecked, setChecked] = useState(false);
  const nameFault = keyNameFault(form.name, taken);
  const expiresAt = toExpiry(form, hub.now());
  const expiryFault = typeof expiresAt === "string" ? expiresAt : null;

  const submit = async (): Promise<void> => {
    setChecked(true);
    if (nameFault !== null || typeof expiresAt === "string" || choiceFault(form.publish) !== null || choiceFault(form.subscribe) !== null)
      return;
    const { name, publish, subscribe } = form;
    const made = await attempt.call("keys.add", { name, expiresAt, publish: toFilters(publish), subscribe: toFilters(subscribe) });
    if (made.ok) onMade(made.value);
  };

  return (
    <FormDialog
      title="Add a key"
      action="Make the key"
      onClose={onClose}
      onSubmit={() => void submit()}
      isDirty={JSON.stringify(form) !== JSON.stringify(NEW_KEY)}
      isBusy={attempt.isBusy}
      refusal={attempt.refusal}
    >
      <TextRow
        label="Name"
        isMono
        // A dialog takes the focus to what it is opened for (ARIA dialog pattern).
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        placeholder="pump-1"
        hint="The device's user name over MQTT, and what %k stands for."
        value={form.name}
        onChange={(name) => setForm({ ...form, name })}
        fault={form.name === "" && !isChecked ? null : nameFault}
      />
      <div className="form__pair">
        <SelectRow label="Expires" choices={EXPIRY_CHOICES} value={form.expiry} onChange={(expiry) => setForm({ ...form, expiry })} />
        {form.expiry === "date" && (
          <TextRow
            label="Last day"
            type="date"
            value={form.expiryDate}
            onChange={(expiryDate) => setForm({ ...form, expiryDate })}
            fault={form.expiryDate === "" && !isChecked ? null : expiryFault}
          />
        )}
        {typeof expiresAt === "number" && <p className="form__note">Works until {toDateTime(expiresAt).replace(/\.\d+$/, "")}.</p>}
      </div>
      <FilterField
        label="May publish to"
        value={form.publish}
        onChange={(publish) => setForm({ ...form, publish })}
        keyName={form.name}
        isChecked={isChecked}
      />
      <FilterField
        label="May subscribe to"
        value={form.subscribe}
        onChange={(subscribe) => setForm({ ...form, subscribe })}
        keyName={form.name}
        isChecked={isChecked}
      />
      <dl className="form__legend">
        <div>
          <dt>
            <code>+</code>
          </dt>
          <dd>any one level</dd>
        </div>
        <div>
          <dt>
            <code>#</code>
          </dt>
          <dd>everything below</dd>
        </div>
        <div>
          <dt>
            <code>%k</code>
          </dt>
          <dd>this key&rsquo;s name</dd>
        </div>
        <div>
          <dt>
            <code>%c</code>
          </dt>
          <dd>the id a client gives itself</dd>
        </div>
      </dl>
    </FormDialog>
  );
}
