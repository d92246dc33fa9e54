import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { useApp, useReadable } from "../components/app-context.tsx";
import { LampLabel } from "../components/lamp-label.tsx";

/** Whether the hub is there, which version it is, and when the next attempt is made when it is not. */
export function ConnectionStatus() {
  const { connection, hub } = useApp();
  const state = useReadable(connection.state);
  const status = useReadable(hub.status);
  switch (state.state) {
    case "open":
      return (
        <span className="connection" title={status ? `Process ${status.pid}, data in ${status.dataFolder}` : undefined}>
          <LampLabel lamp="green">
            <span className="sidebar__word">Connected</span>
          </LampLabel>
          <span className="connection__version sidebar__word">{state.client.welcome.hubVersion}</span>
        </span>
      );
    case "lost":
      return (
        <Lost key={state.since} retryInMs={state.retryInMs} since={state.since} reason={state.reason.message} onRetry={connection.retry} />
      );
    case "connecting":
    case "refused":
      return (
        <span className="connection">
          <LampLabel lamp="dark">
            <span className="sidebar__word">Connecting…</span>
          </LampLabel>
        </span>
      );
  }
}

interface LostProps {
  readonly retryInMs: number;
  readonly since: number;
  readonly reason: string;
  readonly onRetry: () => void;
}

function Lost({ retryInMs, since, reason, onRetry }: LostProps) {
  const [left, setLeft] = useState(retryInMs);
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0, since + retryInMs - Date.now())), 500);
    return () => clearInterval(timer);
  }, [retryInMs, since]);
  return (
    <Button className="connection connection--lost" onPress={onRetry} aria-label={`${reason} Try again now`}>
      <LampLabel lamp="red">
        <span className="sidebar__word">{left < 500 ? "Trying again…" : `Lost · again in ${Math.ceil(left / 1000)} s`}</span>
      </LampLabel>
    </Button>
  );
}
