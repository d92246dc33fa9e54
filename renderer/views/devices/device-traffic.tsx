import { ArrowDownLeft, ArrowUpRight, Pause, Play } from "lucide-react";
import { memo, useRef, useState } from "react";
import { ToggleButton } from "react-aria-components";
import type { SessionTraffic } from "../../../main/contract/session.ts";
import { useApp, useCommands } from "../../components/app-context.tsx";
import { Segments } from "../../components/segments.tsx";
import { TitleText } from "../../components/title-text.tsx";
import { useRowWindow } from "../../components/use-row-window.ts";
import { toEventTitle } from "../../format/event-title.ts";
import { plural, toSize } from "../../format/quantity.ts";
import { toClock } from "../../format/time.ts";
import type { Device } from "../../state/device-list.ts";
import { toPath } from "../../state/router.ts";
import { useSessionTraffic } from "./use-session-traffic.ts";

const ROW_HEIGHT = 28;
const WAYS = [
  { id: "both", label: "Both ways" },
  { id: "in", label: "From it" },
  { id: "out", label: "To it" },
] as const;

/** What goes from and to the device while the tab is open: the events themselves, not a guess by topic. */
export function DeviceTraffic({ device: { info, goneAt } }: { readonly device: Device }) {
  const [paused, setPaused] = useState(false);
  const [way, setWay] = useState<(typeof WAYS)[number]["id"]>("both");
  const traffic = useSessionTraffic(info.id, paused);
  const scroller = useRef<HTMLDivElement>(null);
  const lines = way === "both" ? traffic.lines : traffic.lines.filter((line) => line.kind === "gap" || line.traffic.direction === way);
  const rows = useRowWindow(scroller, lines.length, ROW_HEIGHT);
  const toggle = (): void => setPaused(!paused);
  useCommands({ "live.toggle": toggle });
  return (
    <div className="traffic">
      <div className="traffic__bar">
        <Segments label="Which way" choices={WAYS} value={way} onChange={setWay} />
        <span className="traffic__state">
          {paused
            ? `${plural(traffic.waiting, "event")} since it was paused`
            : traffic.status === "ended" || goneAt !== null
              ? "The session is over."
              : "from now on"}
        </span>
        <ToggleButton className="button button--small" isSelected={paused} onChange={toggle}>
          {paused ? <Play size={12} aria-hidden="true" /> : <Pause size={12} aria-hidden="true" />}
          {paused ? "Resume" : "Pause"}
        </ToggleButton>
      </div>
      {lines.length === 0 ? (
        <div className="empty">
          <h2>{traffic.status === "ended" || goneAt !== null ? "Nothing went through" : "Listening"}</h2>
          <p>
            {traffic.status === "ended" || goneAt !== null
              ? "The session ended before an event went from or to the device."
              : `Each event that ${info.name} publishes or is sent appears here.`}
          </p>
        </div>
      ) : (
        // What scrolls must be reachable by keyboard (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div ref={scroller} className="traffic__scroll" role="region" aria-label="Traffic" tabIndex={0}>
          <ol className="traffic__rows" style={{ height: rows.height }}>
            {lines.slice(rows.first, rows.end).map((line, at) => (
              <li key={line.number} className="traffic__row" style={{ transform: `translateY(${rows.topOf(rows.first + at)}px)` }}>
                {line.kind === "gap" ? (
                  <p className="traffic__gap">More went through than could be shown; some is left out here.</p>
                ) : (
                  <TrafficRow traffic={line.traffic} />
                )}
              </li>
            ))}
          </ol>
        </div>
      )}
    </div>
  );
}

const TrafficRow = memo(function TrafficRow({ traffic: { direction, event } }: { readonly traffic: SessionTraffic }) {
  const { router } = useApp();
  return (
    <a
      className="traffic__event"
      href={toPath({ page: "events", item: event.id, filter: "" })}
      tabIndex={-1}
      onClick={(press) => {
        if (press.ctrlKey || press.metaKey) return;
        press.preventDefault();
        router.go({ page: "events", item: event.id });
      }}
    >
      <span className="traffic__time mono">{toClock(event.time)}</span>
      {direction === "in" ? (
        <ArrowDownLeft size={13} role="img" aria-label="From it" className="traffic__in" />
      ) : (
        <ArrowUpRight size={13} role="img" aria-label="To it" className="traffic__out" />
      )}
      <span className="traffic__topic" title={event.topic}>
        <TitleText title={toEventTitle(event)} />
      </span>
      <span className="traffic__preview mono">
        {event.preview ?? <span className="cell__none">{event.size === 0 ? "no body" : "binary"}</span>}
      </span>
      <span className="traffic__size">{toSize(event.size)}</span>
    </a>
  );
});
