import { useState } from "react";
import { LISTENER_NAMES, type ListenerInfo, type ListenerName, type ListenerSaved } from "../../../../main/contract/listener.ts";
import { useApp } from "../../../components/app-context.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { useAttempt } from "../../../components/use-attempt.ts";
import { useCallResult } from "../../../components/use-call-result.ts";
import { LISTENER_LOOKS, movedTo } from "../../../format/listener-form.ts";
import { plural } from "../../../format/quantity.ts";
import { desktop } from "../../../link/desktop.ts";
import { CallGap } from "../call-gap.tsx";
import { SectionHead } from "../section-head.tsx";
import { ListenerRow } from "./listener-row.tsx";

const REFRESH_MS = 3000;

type Asking = { readonly what: "off" | "reset"; readonly listener: ListenerInfo };

/** Where peers come in; each can be moved or closed while the hub runs. */
export function ListenersSection() {
  const { toasts } = useApp();
  const listeners = useCallResult("listeners.list", {}, REFRESH_MS);
  const keys = useCallResult("keys.list", {});
  const attempt = useAttempt();
  const [editing, setEditing] = useState<ListenerName | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);

  const show = (text: string, saved: ListenerSaved): void => {
    setEditing(null);
    listeners.reload();
    toasts.show(text);
    // The page was served by the listener that has moved: it follows.
    if (saved.login !== null && !desktop) location.assign(movedTo(location, saved.login, saved.address));
  };
  const close = async (listener: ListenerInfo) => {
    const result = await attempt.call("listeners.save", { name: listener.name, address: null });
    if (result.ok) show(`${LISTENER_LOOKS[listener.name].title} is switched off`, result.value);
    return result;
  };
  const reset = async (listener: ListenerInfo) => {
    const result = await attempt.call("listeners.reset", { name: listener.name });
    if (result.ok) show(`${LISTENER_LOOKS[listener.name].title} is as the settings file says`, result.value);
    return result;
  };

  return (
    <>
      <SectionHead
        title="Listeners"
        lead="Where devices, webhooks and this page come in. A change is in force at once, and over restarts."
      />
      {listeners.value ? (
        <ul className="panel rows" aria-label="Listeners">
          {inOrder(listeners.value.listeners).map((listener) => (
            <ListenerRow
              key={listener.name}
              of={listener}
              hasKeys={keys.value === null || keys.value.keys.length > 0}
              isEditing={editing === listener.name}
              onEdit={() => setEditing(listener.name)}
              onDone={() => setEditing(null)}
              onSaved={(saved) => show(`${LISTENER_LOOKS[saved.name].title} ${saved.url ? `listens on ${saved.url}` : "is saved"}`, saved)}
              onSwitchOff={() => setAsking({ what: "off", listener })}
              onReset={() => setAsking({ what: "reset", listener })}
            />
          ))}
        </ul>
      ) : (
        <CallGap state={listeners} />
      )}
      {asking && (
        <ConfirmDialog
          title={asking.what === "off" ? `Switch off ${titleOf(asking)}?` : `Back to the settings file for ${titleOf(asking)}?`}
          isOpen
          onClose={() => setAsking(null)}
          action={asking.what === "off" ? "Switch off" : "Go back"}
          isDangerous
          onConfirm={() => (asking.what === "off" ? close(asking.listener) : reset(asking.listener))}
        >
          <AskText of={asking} />
        </ConfirmDialog>
      )}
    </>
  );
}

/** By what they carry, not by when they were opened. */
function inOrder(listeners: readonly ListenerInfo[]): readonly ListenerInfo[] {
  return listeners.toSorted((a, b) => LISTENER_NAMES.indexOf(a.name) - LISTENER_NAMES.indexOf(b.name));
}

function titleOf({ listener }: Asking): string {
  const { title } = LISTENER_LOOKS[listener.name];
  return title === "MQTT" || title === "MQTT over TLS" ? title : `the ${title[0]!.toLowerCase()}${title.slice(1)}`;
}

function AskText({ of: { what, listener } }: { readonly of: Asking }) {
  const { connections, configured } = listener;
  const cut = connections > 0 ? ` ${plural(connections, "open connection")} will be cut.` : "";
  if (what === "reset")
    return (
      <p>
        It will {configured === null ? "be off" : `listen on ${configured}`}, as the settings file says.{cut}
      </p>
    );
  return <p>Nobody can come in this way until it is switched on again.{cut}</p>;
}
