import { Cable, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { MAX_BRIDGES, type BridgeInfo } from "../../../../main/contract/bridge.ts";
import { useApp, useReadable } from "../../../components/app-context.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useCallResult } from "../../../components/use-call-result.ts";
import { CallGap } from "../call-gap.tsx";
import { SectionHead } from "../section-head.tsx";
import { BridgeDialog } from "./bridge-dialog.tsx";
import { BridgeRow } from "./bridge-row.tsx";

type Open = { readonly what: "edit"; readonly bridge: BridgeInfo | null } | { readonly what: "remove"; readonly name: string };

/** The joins to other MQTT brokers, with how they are now. */
export function BridgesSection() {
  const { hub, toasts } = useApp();
  const bridges = useCallResult("bridges.list", {});
  const status = useReadable(hub.status);
  const attempt = useAttempt();
  const [open, setOpen] = useState<Open | null>(null);
  const all = bridges.value?.bridges;
  const remove = async (name: string) => {
    const result = await attempt.call("bridges.remove", { name });
    if (result.ok) toasts.show(`Bridge ${name} removed`);
    bridges.reload();
    return result;
  };
  return (
    <>
      <SectionHead
        title="Bridges"
        lead="A bridge passes events on to another MQTT broker, and takes them from there. While the other broker is away the log keeps its place."
      >
        <Button
          className="button button--primary"
          isDisabled={(all?.length ?? 0) >= MAX_BRIDGES}
          onPress={() => setOpen({ what: "edit", bridge: null })}
        >
          <Plus size={14} aria-hidden="true" />
          Add a bridge
        </Button>
      </SectionHead>
      {!all && <CallGap state={bridges} />}
      {all?.length === 0 && (
        <div className="panel empty">
          <Cable size={28} aria-hidden="true" />
          <h3>No bridges</h3>
          <p>Join this hub to a broker you have, at home or in the cloud: choose which topics go there and which come from there.</p>
          <Button className="button" onPress={() => setOpen({ what: "edit", bridge: null })}>
            Add the first bridge
          </Button>
        </div>
      )}
      {all && all.length > 0 && (
        <ul className="panel rows" aria-label="Bridges">
          {all.map((bridge) => (
            <BridgeRow
              key={bridge.name}
              of={bridge}
              status={status?.bridges?.find((one) => one.name === bridge.name) ?? null}
              onEdit={() => setOpen({ what: "edit", bridge })}
              onRemove={() => setOpen({ what: "remove", name: bridge.name })}
            />
          ))}
        </ul>
      )}
      {open?.what === "edit" && (
        <BridgeDialog
          before={open.bridge}
          taken={(all ?? []).map((one) => one.name).filter((name) => name !== open.bridge?.name)}
          onClose={() => setOpen(null)}
          onSaved={() => {
            setOpen(null);
            bridges.reload();
          }}
        />
      )}
      <ConfirmDialog
        title={`Remove the bridge ${open?.what === "remove" ? open.name : ""}?`}
        isOpen={open?.what === "remove"}
        onClose={() => setOpen(null)}
        action="Remove"
        isDangerous
        onConfirm={() => remove(open?.what === "remove" ? open.name : "")}
      >
        <p>Its address, password and routes are forgotten, and so is how far it had come. What it has brought or sent stays where it is.</p>
      </ConfirmDialog>
    </>
  );
}
