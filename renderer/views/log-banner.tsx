import { TriangleAlert } from "lucide-react";
import { Button } from "react-aria-components";
import { useEffect, useState, type ReactNode } from "react";
import type { HubProcessState } from "../../main/contract/desktop.ts";
import type { LogState } from "../../main/contract/status.ts";
import { useApp, useReadable } from "../components/app-context.tsx";
import { desktop } from "../link/desktop.ts";

const TITLES: Readonly<Record<Exclude<LogState, "open">, string>> = {
  opening: "The log is being opened",
  full: "The disk is full",
  failed: "The log could not be written",
  damaged: "The log is damaged",
  closed: "The log is closed",
};

/** What keeps events from being stored or shown, over every page. */
export function LogBanner() {
  const { connection, hub } = useApp();
  const status = useReadable(hub.status);
  const state = useReadable(connection.state);
  const process = useHubProcess();
  const lost = useLasting(state.state === "lost");

  if (process?.state === "stopped")
    return (
      <Banner title="The hub has stopped" text={process.reason}>
        <Button className="button" onPress={() => void desktop?.restartHub()}>
          Start it again
        </Button>
      </Banner>
    );
  if (state.state === "lost" && lost)
    return (
      <Banner
        title="The connection to the hub is lost"
        text={`${state.reason.message} What is shown is as it was; what comes meanwhile will be filled in.`}
      >
        <Button className="button" onPress={connection.retry}>
          Try again now
        </Button>
      </Banner>
    );
  if (state.state === "open" && status && status.log.state !== "open")
    return <Banner title={TITLES[status.log.state]} text={status.log.reason ?? "New events are refused until it is open again."} />;
  return null;
}

function Banner({ title, text, children }: { readonly title: string; readonly text: string; readonly children?: ReactNode }) {
  return (
    <div className="banner" role="alert">
      <TriangleAlert size={16} aria-hidden="true" />
      <p>
        <strong>{title}.</strong> {text}
      </p>
      {children}
    </div>
  );
}

const PASSING_MS = 1000;

/** True once it has been true for a while: a hub that is restarted is missed for a moment, and nothing should jump for that. */
function useLasting(now: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLasting(now), now ? PASSING_MS : 0);
    return () => clearTimeout(timer);
  }, [now]);
  return now && lasting;
}

function useHubProcess(): HubProcessState | null {
  const [state, setState] = useState<HubProcessState | null>(null);
  useEffect(() => desktop?.onHubState(setState), []);
  return state;
}
