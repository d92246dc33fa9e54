import { ArrowDownLeft, ArrowUpRight } from "lucide-react";
import { memo } from "react";
import type { EventSummary } from "../../../main/contract/event.ts";
import { LampLabel } from "../../components/lamp-label.tsx";
import { ProtocolBadge } from "../../components/protocol-badge.tsx";
import { TitleText } from "../../components/title-text.tsx";
import { toEventTitle } from "../../format/event-title.ts";
import { STATE_LABELS, VERDICT_LABELS, stateLamp, statusLamp, verdictLamp } from "../../format/lamp.ts";
import { toSize } from "../../format/quantity.ts";
import { toDateTime, toListTime, toRelative } from "../../format/time.ts";

interface EventRowProps {
  readonly event: EventSummary;
  readonly row: number;
  readonly slots: number;
  readonly top: number;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  /** The present hour: only with it can a time change how it is written. */
  readonly today: number;
  readonly onChoose: (event: EventSummary, open: boolean) => void;
}

/** Rows are drawn into the same elements again and again, so an id names the element and not the event. */
export function rowId(row: number, slots: number): string {
  return `event-row-${row % Math.max(1, slots)}`;
}

export const EventRow = memo(function EventRow({ event, row, slots, top, isActive, isOpen, today, onChoose }: EventRowProps) {
  const title = toEventTitle(event);
  return (
    // Keys are the grid's, which has the focus and says which row is active.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={rowId(row, slots)}
      role="row"
      aria-rowindex={row + 2}
      aria-selected={isActive}
      className={`event-row event-grid${isActive ? " event-row--active" : ""}${isOpen ? " event-row--open" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      onPointerDown={(press) => press.button === 0 && onChoose(event, true)}
    >
      <span
        role="gridcell"
        className="cell cell--time"
        onPointerEnter={({ currentTarget }) => (currentTarget.title = `${toDateTime(event.time)} · ${toRelative(event.time, Date.now())}`)}
      >
        {toListTime(event.time, today * 3_600_000)}
      </span>
      <span role="gridcell" className="cell cell--protocol">
        <ProtocolBadge protocol={event.protocol} />
      </span>
      <span role="gridcell" className="cell cell--dir" title={event.direction === "in" ? "In" : "Out"}>
        {event.direction === "in" ? (
          <ArrowDownLeft size={13} role="img" aria-label="In" />
        ) : (
          <ArrowUpRight size={13} role="img" aria-label="Out" />
        )}
      </span>
      <span role="gridcell" className="cell cell--event" title={event.topic}>
        <span className="method">{event.method}</span>
        <TitleText title={title} />
      </span>
      <span role="gridcell" className="cell cell--summary">
        {event.preview ?? <span className="cell__none">{event.size === 0 ? "no body" : "binary"}</span>}
      </span>
      <span role="gridcell" className="cell cell--verdict">
        {event.verdict === "not-configured" ? (
          <span className="cell__none" title={VERDICT_LABELS[event.verdict]}>
            –
          </span>
        ) : (
          <LampLabel lamp={verdictLamp(event.verdict)}>{VERDICT_LABELS[event.verdict]}</LampLabel>
        )}
      </span>
      <span role="gridcell" className="cell cell--status">
        {event.status === null ? (
          <span className="cell__none">–</span>
        ) : (
          <LampLabel lamp={statusLamp(event.status)}>{event.status}</LampLabel>
        )}
      </span>
      <span role="gridcell" className="cell cell--size">
        {toSize(event.size)}
      </span>
      <span role="gridcell" className="cell cell--state">
        {event.state === "accepted" ? (
          <span className="cell__quiet">{STATE_LABELS.accepted}</span>
        ) : (
          <LampLabel lamp={stateLamp(event.state)}>{STATE_LABELS[event.state]}</LampLabel>
        )}
      </span>
    </div>
  );
});
