import { Pause, Play, Plug } from "lucide-react";
import { ToggleButton, Tooltip, TooltipTrigger } from "react-aria-components";
import { useApp, useCommands, useReadable } from "../../components/app-context.tsx";
import { showsSessions } from "./use-list-rows.ts";

/** Whether connections are shown between the events, and live or paused. */
export function EventsToolbar() {
  const { feed, connection } = useApp();
  const { mode } = useReadable(feed.view);
  const { state } = useReadable(connection.state);
  const paused = mode === "paused";
  const toggle = (): void => (paused ? feed.goLive() : feed.hold("pause"));
  const withSessions = useReadable(showsSessions);
  const toggleSessions = (): void => showsSessions.set(!showsSessions.get());
  useCommands({ "live.toggle": toggle, "live.now": feed.goLive, "sessions.toggle": toggleSessions });
  const word = state !== "open" ? "Offline" : paused ? "Paused" : mode === "held" ? "Held" : "Live";
  return (
    <>
      <TooltipTrigger delay={500} closeDelay={0}>
        <ToggleButton
          className="button session-toggle"
          isSelected={withSessions}
          onChange={toggleSessions}
          aria-label="Show who connects and leaves"
        >
          <Plug size={15} aria-hidden="true" />
        </ToggleButton>
        <Tooltip className="tooltip" offset={6}>
          {withSessions ? "Hide" : "Show"} who connects and leaves<kbd>o</kbd>
        </Tooltip>
      </TooltipTrigger>
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
    </>
  );
}
