import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import type { KeyInfo, NewKeyInfo } from "../../../../main/contract/key.ts";
import { useApp } from "../../../components/app-context.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useCallResult } from "../../../components/use-call-result.ts";
import { CallGap } from "../call-gap.tsx";
import { SectionHead } from "../section-head.tsx";
import { AddKeyDialog } from "./add-key-dialog.tsx";
import { KeyRow } from "./key-row.tsx";
import { NewSecretDialog } from "./new-secret-dialog.tsx";

/** Often enough to see a device come. */
const REFRESH_MS = 5000;

type Open =
  | { readonly what: "add" }
  | { readonly what: "made"; readonly key: NewKeyInfo }
  | { readonly what: "revoke"; readonly name: string };

/** The credentials of devices and clients. */
export function KeysSection() {
  const { toasts, hub } = useApp();
  const keys = useCallResult("keys.list", {}, REFRESH_MS);
  const sessions = useCallResult("sessions.list", {}, REFRESH_MS);
  const attempt = useAttempt();
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);

  const enable = async ({ name }: KeyInfo, enabled: boolean): Promise<void> => {
    const result = await attempt.call("keys.enable", { name, enabled });
    if (result.ok) toasts.show(enabled ? `Key ${name} switched on` : `Key ${name} switched off`);
    else toasts.show(result.refusal.message, "bad");
    keys.reload();
  };
  const revoke = async (name: string) => {
    const result = await attempt.call("keys.revoke", { name });
    if (result.ok) toasts.show(`Key ${name} revoked`);
    keys.reload();
    sessions.reload();
    return result;
  };

  const all = keys.value?.keys;
  const connectedWith = (name: string): number => sessions.value?.sessions.filter((one) => one.key === name).length ?? 0;
  return (
    <>
      <SectionHead
        title="Keys"
        lead="A device gives its key as MQTT user name and password, over HTTP as a bearer token. From this machine none is needed; from the network, always."
      >
        <Button className="button button--primary" onPress={() => setOpen({ what: "add" })}>
          <Plus size={14} aria-hidden="true" />
          Add a key
        </Button>
      </SectionHead>
      {!all && <CallGap state={keys} />}
      {all?.length === 0 && (
        <div className="panel empty">
          <KeyRound size={28} aria-hidden="true" />
          <h3>No keys yet</h3>
          <p>Without a key the hub listens on this machine only. Make one per device: each can then be switched off alone.</p>
          <Button className="button" onPress={() => setOpen({ what: "add" })}>
            Add the first key
          </Button>
        </div>
      )}
      {all && all.length > 0 && (
        <ul className="panel rows" aria-label="Keys">
          {all.map((key) => (
            <KeyRow
              key={key.name}
              of={key}
              connected={connectedWith(key.name)}
              now={hub.now()}
              onEnable={(enabled) => void enable(key, enabled)}
              onRevoke={() => setOpen({ what: "revoke", name: key.name })}
            />
          ))}
        </ul>
      )}
      {open?.what === "add" && (
        <AddKeyDialog
          taken={all?.map((key) => key.name) ?? []}
          onClose={close}
          onMade={(key) => {
            setOpen({ what: "made", key });
            keys.reload();
          }}
        />
      )}
      {open?.what === "made" && <NewSecretDialog made={open.key} onClose={close} />}
      <ConfirmDialog
        title={`Revoke the key ${open?.what === "revoke" ? open.name : ""}?`}
        isOpen={open?.what === "revoke"}
        onClose={close}
        action="Revoke"
        isDangerous
        onConfirm={() => revoke(open?.what === "revoke" ? open.name : "")}
      >
        <RevokeText connected={open?.what === "revoke" ? connectedWith(open.name) : 0} />
      </ConfirmDialog>
    </>
  );
}

function RevokeText({ connected }: { readonly connected: number }) {
  return (
    <p>
      {connected > 0 && (
        <strong>{connected === 1 ? "One device is connected with it now. " : `${connected} devices are connected with it now. `}</strong>
      )}
      Who has it is refused from then on. A revoked key cannot be brought back; to shut it out for a while only, switch it off.
    </p>
  );
}
