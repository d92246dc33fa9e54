import { Lock, Pencil, RotateCcw } from "lucide-react";
import { useRef } from "react";
import type { ListenerInfo, ListenerSaved, ListenerState } from "../../../../main/contract/listener.ts";
import { CopyButton } from "../../../components/copy-button.tsx";
import { IconButton } from "../../../components/icon-button.tsx";
import { LampLabel } from "../../../components/lamp-label.tsx";
import { ToggleSwitch } from "../../../components/toggle-switch.tsx";
import type { Lamp } from "../../../format/lamp.ts";
import { LISTENER_LOOKS } from "../../../format/listener-form.ts";
import { plural } from "../../../format/quantity.ts";
import { ListenerEditor } from "./listener-editor.tsx";

const STATES: Readonly<Record<ListenerState, readonly [lamp: Lamp, label: string]>> = {
  listening: ["green", "Listening"],
  off: ["dark", "Off"],
  failed: ["red", "Failed"],
};

interface ListenerRowProps {
  readonly of: ListenerInfo;
  /** There is a key, so that it may be opened to the network. */
  readonly hasKeys: boolean;
  readonly isEditing: boolean;
  readonly onEdit: () => void;
  readonly onDone: () => void;
  readonly onSaved: (saved: ListenerSaved) => void;
  readonly onSwitchOff: () => void;
  readonly onReset: () => void;
}

export function ListenerRow({ of: listener, hasKeys, isEditing, onEdit, onDone, onSaved, onSwitchOff, onReset }: ListenerRowProps) {
  const { name, state, url, connections, configured } = listener;
  const { title, carries } = LISTENER_LOOKS[name];
  const [lamp, label] = STATES[state];
  const isOn = state !== "off";
  const row = useRef<HTMLLIElement>(null);
  const focusPencil = (): void => void setTimeout(() => row.current?.querySelector<HTMLElement>("[aria-expanded]")?.focus());
  return (
    <li ref={row} className="row row--foldable">
      <div className="row__line">
        <div className="row__main">
          <h3 className="row__title">
            {listener.tls && <Lock size={13} aria-label="Encrypted" />}
            <span>{title}</span>
            <LampLabel lamp={lamp}>{label}</LampLabel>
          </h3>
          <p className="row__facts">{carries}</p>
          {listener.reason !== null && <p className="row__reason">{listener.reason}</p>}
          {isOn && (
            <p className="row__facts">
              <span className="row__address">
                <code>{url ?? listener.address}</code>
                {url && <CopyButton text={url} what={`Address of ${title}`} />}
              </span>
              <span>{plural(connections, "connection")}</span>
            </p>
          )}
          {listener.changed && (
            <p className="row__facts">
              <span>Changed here; the settings file says {configured ?? "off"}.</span>
            </p>
          )}
        </div>
        <div className="row__tools">
          {listener.changed && (
            <IconButton label={`${title}: back to the settings file`} onPress={onReset}>
              <RotateCcw size={15} aria-hidden="true" />
            </IconButton>
          )}
          <IconButton label={`Change ${title}`} onPress={onEdit} aria-expanded={isEditing}>
            <Pencil size={15} aria-hidden="true" />
          </IconButton>
          {/* From within it cannot be switched off: nobody could switch it on again. */}
          <ToggleSwitch
            isDisabled={name === "inspector"}
            isSelected={isOn}
            onChange={(on) => (on ? onEdit() : onSwitchOff())}
            aria-label={`${title} is on`}
          />
        </div>
      </div>
      {isEditing && (
        <ListenerEditor
          of={listener}
          hasKeys={hasKeys}
          onCancel={() => {
            onDone();
            focusPencil();
          }}
          onSaved={(saved) => {
            onSaved(saved);
            focusPencil();
          }}
        />
      )}
    </li>
  );
}
