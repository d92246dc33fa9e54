import { ArrowDown, ArrowUp } from "lucide-react";
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { Button } from "react-aria-components";
import type { EventSummary } from "../../../main/contract/event.ts";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { LampLabel } from "../../components/lamp-label.tsx";
import { ProtocolBadge } from "../../components/protocol-badge.tsx";
import { useRowWindow } from "../../components/use-row-window.ts";
import { STATE_LABELS, stateLamp } from "../../format/lamp.ts";
import { plural, toSize } from "../../format/quantity.ts";
import { toDateTime, toListTime } from "../../format/time.ts";
import { toValueChange } from "../../format/value-change.ts";
import { indexOfSeq } from "../../state/event-slice.ts";
import type { EventFeed } from "../../state/event-feed.ts";

const ROW_HEIGHT = 28;
const HEAD_HEIGHT = 28;
const NEAR_END = 60;

interface HistoryTabProps {
  readonly topic: string;
  readonly feed: EventFeed;
  /** The events are of several topics. */
  readonly withTopics: boolean;
  readonly chosenId: string | null;
  readonly onOpen: (event: EventSummary) => void;
}

/** The topic's events, newest first, each with what changed since the one before it. */
export function HistoryTab({ topic, feed, withTopics, chosenId, onOpen }: HistoryTabProps) {
  const { hub } = useApp();
  const { slice, status, mode, newCount, loadingOlder } = useReadable(feed.view);
  const scroller = useRef<HTMLDivElement>(null);
  const { events } = slice;
  const rows = useRowWindow(scroller, events.length, ROW_HEIGHT, HEAD_HEIGHT);
  const [activeSeq, setActiveSeq] = useState<number | null>(null);
  const index = activeSeq === null ? -1 : indexOfSeq(events, activeSeq);
  const activeRow = index < 0 ? -1 : events.length - 1 - index;

  const shownShift = useRef(slice.shift);
  useLayoutEffect(() => {
    const moved = slice.shift - shownShift.current;
    shownShift.current = slice.shift;
    if (moved !== 0 && mode !== "live" && scroller.current) scroller.current.scrollTop += moved * ROW_HEIGHT;
  }, [slice.shift, mode]);
  const handleScroll = useEffectEvent(() => {
    const top = scroller.current?.scrollTop ?? 0;
    if (top > 2) feed.hold("scroll");
    else feed.release("scroll");
  });
  useEffect(() => {
    const element = scroller.current;
    const listener = (): void => handleScroll();
    element?.addEventListener("scroll", listener, { passive: true });
    return () => element?.removeEventListener("scroll", listener);
  }, []);
  useEffect(() => {
    if (rows.end > events.length - NEAR_END && mode !== "live") feed.loadOlder();
  }, [feed, rows.end, events.length, mode]);

  const moveTo = (row: number): void => {
    const at = Math.max(0, Math.min(events.length - 1, row));
    const event = events[events.length - 1 - at];
    if (!event) return;
    feed.hold("selection");
    setActiveSeq(event.seq);
    rows.scrollToRow(at);
  };
  const leave = useEffectEvent(() => feed.release("selection"));
  useEffect(() => () => leave(), []);
  const handleKey = (press: KeyboardEvent): void => {
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => moveTo(activeRow + 1),
      ArrowUp: () => moveTo(activeRow - 1),
      PageDown: () => moveTo(activeRow + 12),
      PageUp: () => moveTo(activeRow - 12),
      Home: () => moveTo(0),
      End: () => moveTo(events.length - 1),
      Enter: () => events[index] && onOpen(events[index]),
    };
    const move = press.ctrlKey || press.metaKey || press.altKey ? undefined : moves[press.key];
    if (!move) return;
    press.preventDefault();
    press.stopPropagation();
    move();
  };

  if (status === "ready" && events.length === 0)
    return (
      <div className="empty">
        <p>{slice.atOldest ? "The log has no events here. The next one appears by itself." : "Looking through the log…"}</p>
      </div>
    );
  return (
    <div className="history">
      {newCount > 0 && mode !== "live" && (
        <Button className="pill" onPress={feed.goLive}>
          {plural(newCount, "new event")}
        </Button>
      )}
      <div
        ref={scroller}
        className="history__scroll"
        role="grid"
        aria-label="History"
        aria-rowcount={slice.atOldest ? events.length + 1 : -1}
        aria-busy={status === "loading"}
        aria-activedescendant={activeRow >= rows.first && activeRow < rows.end ? `history-${activeRow}` : undefined}
        tabIndex={0}
        onKeyDown={handleKey}
      >
        <div
          className={withTopics ? "history__head history-grid history-grid--topics" : "history__head history-grid"}
          role="row"
          aria-rowindex={1}
        >
          {["Time", ...(withTopics ? ["Topic"] : []), "Value", ...(withTopics ? [] : ["Change"]), "Protocol", "Size"].map((name) => (
            <span key={name} role="columnheader" className={`history__${name.toLowerCase()}`}>
              {name}
            </span>
          ))}
        </div>
        <div className="list__rows" role="rowgroup" style={{ height: rows.height }}>
          {Array.from({ length: Math.max(0, rows.end - rows.first) }, (_, at) => {
            const row = rows.first + at;
            const event = events[events.length - 1 - row];
            if (!event) return null;
            const before = withTopics ? undefined : events[events.length - 2 - row];
            return (
              <HistoryRow
                key={event.seq}
                id={`history-${row}`}
                row={row}
                top={rows.topOf(row)}
                event={event}
                before={before}
                below={withTopics ? event.topic.slice(topic.length + 1) : null}
                isActive={row === activeRow}
                isChosen={event.id === chosenId}
                now={hub.now()}
                onOpen={onOpen}
              />
            );
          })}
        </div>
        {loadingOlder && <p className="list__foot">Loading…</p>}
      </div>
    </div>
  );
}

interface HistoryRowProps {
  readonly id: string;
  readonly row: number;
  readonly top: number;
  readonly event: EventSummary;
  readonly before: EventSummary | undefined;
  /** The topic as seen from the level that is shown; null where all are of one topic. */
  readonly below: string | null;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  readonly now: number;
  readonly onOpen: (event: EventSummary) => void;
}

function HistoryRow({ id, row, top, event, before, below, isActive, isChosen, now, onOpen }: HistoryRowProps) {
  const change = below === null ? toValueChange(before?.preview ?? null, event.preview) : null;
  return (
    // Keys are the grid's, which has the focus and says which row is active.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="row"
      aria-rowindex={row + 2}
      aria-selected={isActive}
      className={`history__row history-grid${below === null ? "" : " history-grid--topics"}${isActive ? " history__row--active" : ""}${isChosen ? " history__row--chosen" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onOpen(event)}
    >
      <span role="gridcell" className="history__time" title={toDateTime(event.time)}>
        {toListTime(event.time, now)}
      </span>
      {below !== null && (
        <span role="gridcell" className="history__topic" title={event.topic}>
          {below === "" ? "·" : below}
        </span>
      )}
      <span role="gridcell" className="history__value">
        {event.state === "accepted" ? null : <LampLabel lamp={stateLamp(event.state)}>{STATE_LABELS[event.state]}</LampLabel>}
        {event.preview ?? <span className="cell__none">binary</span>}
        {event.preview === "" && <span className="cell__none">{event.retained ? "empty: clears what was retained" : "empty"}</span>}
      </span>
      {below === null && (
        <span role="gridcell" className={change ? `history__change history__change--${change.kind}` : "history__change"}>
          {change?.kind === "up" && <ArrowUp size={11} aria-hidden="true" />}
          {change?.kind === "down" && <ArrowDown size={11} aria-hidden="true" />}
          {change?.text}
        </span>
      )}
      <span role="gridcell" className="history__protocol">
        <ProtocolBadge protocol={event.protocol} />
      </span>
      <span role="gridcell" className="history__size">
        {toSize(event.size)}
      </span>
    </div>
  );
}
