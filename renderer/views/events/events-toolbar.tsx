import { Pause, Play } from "lucide-react";
import { ToggleButton } from "react-aria-components";
import { useApp, useCommands, useReadable } from "../../components/app-context.tsx";

/** Live or paused. */
export function EventsToolbar() {
  const { feed, connection } = useApp();
  const { mode } = useReadable(feed.view);
  const { state } = useReadable(connection.state);
  const paused = mode === "paused";
  const toggle = (): void => (paused ? feed.goLive() : feed.hold("pause"));
  useCommands({ "live.toggle": toggle, "live.now": feed.goLive });
  const word = state !== "open" ? "Offline" : paused ? "Paused" : mode === "held" ? "Held" : "Live";
  return (
    <ToggleButton
      className={`live-toggle live-toggle--${state === "open" ? mode : "offline"}`}
      isSelected={paused}
      onChange={toggle}
      aria-label={paused ? "Paused. Resume the live list" : `${word}. Pause the live list`}
    >
      <span className="live-toggle__lamp" aria-hidden="true" />
      <span className="live-toggle__word">{word}</span>
      {paused ? <Play size={13} aria-hidden="true" /> : <Pause size={13} aria-hidden="true" />}
    </ToggleButton>
  );
}
