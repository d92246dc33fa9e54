import { DoorOpen } from "lucide-react";
import { useRef } from "react";
import type { SessionEvent } from "../../../main/contract/session.ts";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { LampLabel } from "../../components/lamp-label.tsx";
import { PageLink } from "../../components/page-link.tsx";
import { ProtocolBadge } from "../../components/protocol-badge.tsx";
import { useRowWindow } from "../../components/use-row-window.ts";
import { parseDeviceFilter } from "../../format/device-table.ts";
import { SESSION_LAMPS, toSessionWords } from "../../format/session-words.ts";
import { toDateTime, toListTime } from "../../format/time.ts";

const ROW_HEIGHT = 30;

/** Who came, went and was turned away since the hub was started, the newest first. */
export function DeviceLog({ filter }: { readonly filter: string }) {
  const { hub, sessionEvents } = useApp();
  const all = useReadable(sessionEvents.all);
  const scroller = useRef<HTMLDivElement>(null);
  const wanted = parseDeviceFilter(filter);
  const shown = all.filter((one) => passes(one, wanted)).toReversed();
  const rows = useRowWindow(scroller, shown.length, ROW_HEIGHT);
  if (shown.length === 0)
    return (
      <div className="empty">
        <DoorOpen size={28} aria-hidden="true" />
        <h2>{all.length === 0 ? "Nobody has come or gone yet" : "None of them matches"}</h2>
        <p>
          {all.length === 0
            ? "Connections, disconnections and refusals since the hub was started appear here, with their reasons."
            : "Nobody who came or went passes the filter."}
        </p>
      </div>
    );
  return (
    // What scrolls must be reachable by keyboard (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={scroller} className="device-log" role="region" aria-label="Comings and goings" tabIndex={0}>
      <ol className="list__rows" style={{ height: rows.height }}>
        {shown.slice(rows.first, rows.end).map((one, at) => (
          <li key={one.number} className="device-log__row" style={{ transform: `translateY(${rows.topOf(rows.first + at)}px)` }}>
            <time className="mono device-log__time" dateTime={new Date(one.at).toISOString()} title={toDateTime(one.at)}>
              {toListTime(one.at, hub.now())}
            </time>
            <ProtocolBadge protocol={one.protocol} />
            <span className="device-log__name">
              {one.kind === "connected" && one.session !== null ? (
                <PageLink className="" to={{ page: "devices", item: one.session }}>
                  {one.name}
                </PageLink>
              ) : (
                one.name
              )}
            </span>
            <span className="device-log__words">
              <LampLabel lamp={SESSION_LAMPS[one.kind]}>{toSessionWords(one)}</LampLabel>
            </span>
            <span className="mono device-log__address">{one.remoteAddress}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function passes(event: SessionEvent, { words, protocols }: ReturnType<typeof parseDeviceFilter>): boolean {
  if (protocols.length > 0 && !protocols.includes(event.protocol)) return false;
  const text = [event.name, event.remoteAddress, event.key, event.kind, toSessionWords(event)].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}
