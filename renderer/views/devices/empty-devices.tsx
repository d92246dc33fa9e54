import { CircleAlert, Cpu, Plus, SearchX } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { Segments } from "../../components/segments.tsx";
import { firstDeviceSnippets } from "../../format/device-snippets.ts";
import { useHubAddresses } from "./use-hub-addresses.ts";

/** Why nobody is listed, and the one thing to do about it. */
export function EmptyDevices({ filter, onPair }: { readonly filter: string; readonly onPair: () => void }) {
  const { devices, router, connection } = useApp();
  const { status, error } = useReadable(devices.view);
  if (status === "failed")
    return (
      <div className="empty">
        <CircleAlert size={28} aria-hidden="true" />
        <h2>The sessions could not be read</h2>
        <p>{error?.message}</p>
        <Button className="button" onPress={connection.retry}>
          Try again
        </Button>
      </div>
    );
  if (filter !== "")
    return (
      <div className="empty">
        <SearchX size={28} aria-hidden="true" />
        <h2>No device matches</h2>
        <p>
          Nobody who is connected passes <code>{filter}</code>. Who does will appear here.
        </p>
        <Button className="button" onPress={() => router.go({ filter: "" })}>
          Clear the filter
        </Button>
      </div>
    );
  return (
    <div className="empty">
      <Cpu size={28} aria-hidden="true" />
      <h2>Nobody is connected</h2>
      <p>
        Every MQTT, WebSocket, SSE, long-poll and Socket.IO client appears here while it is connected. On this machine, one line is enough:
      </p>
      <FirstDevice />
      <Button className="button button--primary" onPress={onPair}>
        <Plus size={14} aria-hidden="true" />
        Pair a device
      </Button>
    </div>
  );
}

function FirstDevice() {
  const here = useHubAddresses()?.find((one) => one.isLoopback) ?? null;
  const [chosen, setChosen] = useState<string | null>(null);
  const snippets = here ? firstDeviceSnippets(here) : [];
  const shown = snippets.find(({ id }) => id === chosen) ?? snippets[0];
  if (!shown) return null;
  return (
    <div className="first-device">
      <Segments label="Tool" choices={snippets.map(({ id, title }) => ({ id, label: title }))} value={shown.id} onChange={setChosen} />
      <div className="command-line">
        <code>{shown.text}</code>
        <CopyButton text={shown.text} what="Command" />
      </div>
    </div>
  );
}
