import { useState } from "react";
import { Label, Radio, RadioGroup } from "react-aria-components";
import type { NewKeyInfo } from "../../../../main/contract/key.ts";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { TextRow } from "../../../components/text-row.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useCallResult } from "../../../components/use-call-result.ts";
import { choiceFault, keyNameFault } from "../../../format/key-form.ts";
import { NEW_DEVICE, PRESETS, presetFilters, presetWords, type Preset } from "../../../format/pair-form.ts";
import { FilterField } from "../../settings/keys/filter-field.tsx";

interface PairFormProps {
  readonly onClose: () => void;
  readonly onMade: (key: NewKeyInfo) => void;
}

/** The device's name and what it may do; that makes its key. */
export function PairForm({ onClose, onMade }: PairFormProps) {
  const attempt = useAttempt();
  const keys = useCallResult("keys.list", {});
  const [form, setForm] = useState(NEW_DEVICE);
  const [isChecked, setChecked] = useState(false);
  const taken = keys.value?.keys.map(({ name }) => name) ?? [];
  const nameFault = keyNameFault(form.name, taken);

  const submit = async (): Promise<void> => {
    setChecked(true);
    const isWrong = form.preset === "custom" && (choiceFault(form.publish) !== null || choiceFault(form.subscribe) !== null);
    if (nameFault !== null || isWrong) return;
    const made = await attempt.call("keys.add", { name: form.name, expiresAt: null, ...presetFilters(form) });
    if (made.ok) onMade(made.value);
  };

  return (
    <FormDialog
      title="Pair a device"
      action="Make its key"
      onClose={onClose}
      onSubmit={() => void submit()}
      isDirty={JSON.stringify(form) !== JSON.stringify(NEW_DEVICE)}
      isBusy={attempt.isBusy}
      refusal={attempt.refusal}
    >
      <TextRow
        label="Name"
        isMono
        // A dialog takes the focus to what it is opened for (ARIA dialog pattern).
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        placeholder="kitchen-sensor"
        hint="Names the device and its key; over MQTT it is the user name."
        value={form.name}
        onChange={(name) => setForm({ ...form, name })}
        fault={form.name === "" && !isChecked ? null : nameFault}
      />
      <RadioGroup className="field presets" value={form.preset} onChange={(preset) => setForm({ ...form, preset: preset as Preset })}>
        <Label className="field__label">It may use</Label>
        {PRESETS.map((preset) => {
          const { title, text } = presetWords(preset, form.name);
          return (
            <Radio key={preset} value={preset} className="preset">
              <span className="preset__dot" aria-hidden="true" />
              <span className="preset__title">{title}</span>
              <span className="preset__text">{text}</span>
            </Radio>
          );
        })}
      </RadioGroup>
      {form.preset === "custom" && (
        <>
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
        </>
      )}
    </FormDialog>
  );
}
