import { Ban, Plug, Unplug, type LucideIcon } from "lucide-react";
import { memo } from "react";
import type { SessionEvent } from "../../../main/contract/session.ts";
import { useApp } from "../../components/app-context.tsx";
import { LampLabel } from "../../components/lamp-label.tsx";
import { ProtocolBadge } from "../../components/protocol-badge.tsx";
import { SESSION_LAMPS, toSessionWords } from "../../format/session-words.ts";
import { toListTime } from "../../format/time.ts";
import { rowId } from "./event-row.tsx";

interface SessionRowProps {
  readonly session: SessionEvent;
  readonly row: number;
  readonly slots: number;
  readonly top: number;
  /** The present hour, as for events. */
  readonly today: number;
}

const ICONS: Readonly<Record<SessionEvent["kind"], LucideIcon>> = { connected: Plug, disconnected: Unplug, refused: Ban };

/** Somebody came, went or was turned away: no event of the log, but it belongs between them. */
export const SessionRow = memo(function SessionRow({ session, row, slots, top, today }: SessionRowProps) {
  const { router } = useApp();
  const Icon = ICONS[session.kind];
  return (
    // The same device can be reached by keyboard on the Devices page.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={rowId(row, slots)}
      role="row"
      aria-rowindex={row + 2}
      className="event-row event-grid session-row"
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => router.go({ page: "devices", item: session.session, filter: session.session === null ? session.name : "" })}
    >
      <span role="gridcell" className="cell cell--time">
        {toListTime(session.at, today * 3_600_000)}
      </span>
      <span role="gridcell" className="cell cell--protocol">
        <ProtocolBadge protocol={session.protocol} />
      </span>
      <span className="cell cell--dir" aria-hidden="true">
        <Icon size={13} />
      </span>
      <span role="gridcell" className="cell cell--event" title={session.remoteAddress}>
        <span className="method" />
        <span className="cell__name">{session.name}</span>
      </span>
      <span role="gridcell" className="cell cell--words">
        <LampLabel lamp={SESSION_LAMPS[session.kind]}>{toSessionWords(session)}</LampLabel>
      </span>
    </div>
  );
});
