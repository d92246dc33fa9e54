import { useState, type SyntheticEvent } from "react";
import { Button } from "react-aria-components";
import type { Refusal } from "../../../../main/contract/errors.ts";
import type { ListenerInfo, ListenerSaved } from "../../../../main/contract/listener.ts";
import { Notice } from "../../../components/notice.tsx";
import { SelectRow, type Choice } from "../../../components/select-row.tsx";
import { TextRow } from "../../../components/text-row.tsx";
import { TickBox } from "../../../components/tick-box.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import {
  fromListenerForm,
  isBeyondLoopback,
  listenerFaults,
  toListenerForm,
  type ListenerForm,
  type ListenerReach,
} from "../../../format/listener-form.ts";
import { ExposureNotice } from "./exposure-notice.tsx";

const REACHES: readonly Choice<ListenerReach>[] = [
  { id: "local", label: "This machine only", hint: "127.0.0.1" },
  { id: "all", label: "The whole network", hint: "every address of this machine" },
  { id: "one", label: "One address…", hint: "of this machine" },
];

interface ListenerEditorProps {
  readonly of: ListenerInfo;
  readonly hasKeys: boolean;
  readonly onCancel: () => void;
  readonly onSaved: (saved: ListenerSaved) => void;
}

/** Where one listener listens. What the hub refuses is said beside the field it is about. */
export function ListenerEditor({ of: listener, hasKeys, onCancel, onSaved }: ListenerEditorProps) {
  const attempt = useAttempt();
  const [form, setForm] = useState(() => toListenerForm(listener));
  const [isAgreed, setAgreed] = useState(false);
  const faults = listenerFaults(form);
  const isExposed = isBeyondLoopback(form);
  const { refusal } = attempt;
  const freePort = refusal?.code === "PORT_BUSY" ? freePortOf(refusal) : null;

  const change = (next: ListenerForm): void => {
    attempt.clear();
    if (fromHost(next) !== fromHost(form)) setAgreed(false);
    setForm(next);
  };
  const save = async (wanted: ListenerForm): Promise<void> => {
    const result = await attempt.call("listeners.save", { name: listener.name, address: fromListenerForm(wanted) });
    if (result.ok) onSaved(result.value);
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (faults.host === null && faults.port === null && (!isExposed || isAgreed)) void save(form);
  };

  return (
    <form className="editor" onSubmit={submit} noValidate>
      <div className="editor__fields">
        <SelectRow label="Reached from" choices={REACHES} value={form.reach} onChange={(reach) => change({ ...form, reach })} />
        {form.reach === "one" && (
          <TextRow
            label="Address"
            isMono
            placeholder="192.168.1.10"
            value={form.host}
            onChange={(host) => change({ ...form, host: host.trim() })}
            fault={form.host === "" ? null : faults.host}
          />
        )}
        <TextRow
          label="Port"
          isMono
          inputMode="numeric"
          // The person asked to edit this one.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={form.port}
          onChange={(port) => change({ ...form, port: port.trim() })}
          hint={faults.port === null && refusal?.code !== "PORT_BUSY" ? "0 for any free one" : undefined}
          fault={faults.port ?? (refusal?.code === "PORT_BUSY" ? `Port ${form.port} is in use by another program.` : null)}
        />
        {freePort !== null && (
          <Button
            className="button editor__offer"
            onPress={() => {
              const next = { ...form, port: String(freePort) };
              setForm(next);
              void save(next);
            }}
          >
            Use {freePort}, which is free
          </Button>
        )}
      </div>
      {refusal && refusal.code !== "PORT_BUSY" && (
        <Notice tone="bad" isAlert>
          {refusal.message}
        </Notice>
      )}
      {isExposed && <ExposureNotice name={listener.name} isEncrypted={listener.tls} hasKeys={hasKeys} />}
      <div className="editor__foot">
        {isExposed && (
          <TickBox isSelected={isAgreed} onChange={setAgreed}>
            Yes, others on the network may reach it
          </TickBox>
        )}
        <Button className="button" onPress={onCancel}>
          Cancel
        </Button>
        <Button
          type="submit"
          className="button button--primary"
          isPending={attempt.isBusy}
          isDisabled={faults.host !== null || faults.port !== null || (isExposed && !isAgreed)}
        >
          {listener.state === "off" ? "Switch on" : "Save"}
        </Button>
      </div>
    </form>
  );
}

function fromHost({ reach, host }: ListenerForm): string {
  return reach === "one" ? host : reach;
}

/** What the hub found free beside the port that is not. */
function freePortOf({ details }: Refusal): number | null {
  const port = details?.["freePort"];
  return typeof port === "number" ? port : null;
}
