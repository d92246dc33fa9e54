import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { MAX_ROUTES, type BridgeInfo } from "../../../../main/contract/bridge.ts";
import { useApp } from "../../../components/app-context.tsx";
import { FormDialog } from "../../../components/form-dialog.tsx";
import { SelectRow, type Choice } from "../../../components/select-row.tsx";
import { TextRow } from "../../../components/text-row.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import {
  bridgeFault,
  bridgeNameFault,
  bridgeUrlFault,
  caFault,
  fromBridgeForm,
  isSecure,
  losesPassword,
  NEW_BRIDGE,
  NEW_ROUTE,
  toBridgeForm,
  type BridgeForm,
} from "../../../format/bridge-form.ts";
import { PasswordField } from "./password-field.tsx";
import { RouteFields } from "./route-fields.tsx";

const VERSIONS: readonly Choice<BridgeForm["version"]>[] = [
  { id: "5", label: "MQTT 5" },
  { id: "4", label: "MQTT 3.1.1" },
];

interface BridgeDialogProps {
  /** The bridge to change; null for a new one. */
  readonly before: BridgeInfo | null;
  /** Names of the others. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

/** Makes a bridge, or changes one. */
export function BridgeDialog({ before, taken, onClose, onSaved }: BridgeDialogProps) {
  const { toasts } = useApp();
  const attempt = useAttempt();
  const [initial] = useState(() => (before ? toBridgeForm(before) : NEW_BRIDGE));
  const [typed, setForm] = useState(initial);
  const [isChecked, setChecked] = useState(false);
  const mustTypeAgain = losesPassword(typed, before);
  const form: BridgeForm = mustTypeAgain ? { ...typed, keepsPassword: false } : typed;
  const shown = (value: string, fault: string | null): string | null => (value === "" && !isChecked ? null : fault);

  const submit = async (): Promise<void> => {
    setChecked(true);
    if (bridgeFault(form, taken) !== null) return;
    const saved = await attempt.call("bridges.save", fromBridgeForm(form));
    if (!saved.ok) return;
    toasts.show(before ? `Bridge ${form.name} saved; it connects anew` : `Bridge ${form.name} made`);
    onSaved();
  };

  return (
    <FormDialog
      title={before ? `Edit the bridge ${before.name}` : "Add a bridge"}
      action={before ? "Save" : "Make the bridge"}
      onClose={onClose}
      onSubmit={() => void submit()}
      isDirty={JSON.stringify(form) !== JSON.stringify(initial)}
      isBusy={attempt.isBusy}
      refusal={attempt.refusal}
    >
      {!before && (
        <TextRow
          label="Name"
          isMono
          // A dialog takes the focus to what it is opened for (ARIA dialog pattern).
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          placeholder="home"
          value={form.name}
          onChange={(name) => setForm({ ...typed, name })}
          fault={shown(form.name, bridgeNameFault(form.name, taken))}
        />
      )}
      <div className="form__pair form__pair--wide">
        <TextRow
          label="Address of the other broker"
          isMono
          placeholder="mqtts://broker.example:8883"
          value={form.url}
          onChange={(url) => setForm({ ...typed, url: url.trim() })}
          fault={shown(form.url, bridgeUrlFault(form.url))}
        />
        <SelectRow label="Protocol" choices={VERSIONS} value={form.version} onChange={(version) => setForm({ ...typed, version })} />
      </div>
      <div className="form__pair">
        <TextRow
          label="User name"
          value={form.username}
          onChange={(username) => setForm({ ...typed, username })}
          autoComplete="off"
          hint="Empty for none."
        />
        <PasswordField form={form} mustTypeAgain={mustTypeAgain} onChange={(change) => setForm({ ...typed, ...change })} />
      </div>
      {isSecure(form.url) && (
        <TextRow
          label="Certificate authority"
          isMono
          lines={3}
          placeholder="-----BEGIN CERTIFICATE-----"
          hint="Only when the other broker's certificate is signed by an authority of your own. Empty: those this system trusts."
          value={form.ca}
          onChange={(ca) => setForm({ ...typed, ca })}
          fault={caFault(form.ca)}
        />
      )}
      <fieldset className="routes">
        <legend className="field__label">Routes</legend>
        <p className="field__hint">
          What matches the filter goes over, under the prefixes: with <code>site/</code> there, <code>a/b</code> here is{" "}
          <code>site/a/b</code> there.
        </p>
        {form.routes.map((route, at) => (
          <RouteFields
            // A route has no identity beside its place.
            // oxlint-disable-next-line react/no-array-index-key
            key={at}
            number={at + 1}
            route={route}
            isChecked={isChecked}
            onChange={(next) => setForm({ ...typed, routes: form.routes.with(at, next) })}
            onRemove={form.routes.length > 1 ? () => setForm({ ...typed, routes: form.routes.toSpliced(at, 1) }) : null}
          />
        ))}
        <Button
          className="button button--small"
          isDisabled={form.routes.length >= MAX_ROUTES}
          onPress={() => setForm({ ...typed, routes: [...form.routes, NEW_ROUTE] })}
        >
          <Plus size={12} aria-hidden="true" />
          Add a route
        </Button>
      </fieldset>
    </FormDialog>
  );
}
