import { useEffect, useEffectEvent, useLayoutEffect, useRef } from "react";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { useRowWindow } from "../../components/use-row-window.ts";
import { movedRows } from "../../state/interleave.ts";
import { EmptyEvents } from "./empty-events.tsx";
import { EventRow, rowId } from "./event-row.tsx";
import { ListFoot } from "./list-foot.tsx";
import { NewEventsPill } from "./new-events-pill.tsx";
import { SessionRow } from "./session-row.tsx";
import { useEventCursor } from "./use-event-cursor.ts";
import { useListRows } from "./use-list-rows.ts";

export const ROW_HEIGHT = 30;
const HEAD_HEIGHT = 30;
/** Rows before the loaded end at which the next page is asked for. */
const NEAR_END = 100;

const COLUMNS = ["Time", "Protocol", "Dir", "Event", "Summary", "Verdict", "Status", "Size", "State"] as const;

/** The windowed list, newest first: some fifty rows exist, whatever the log holds. */
export function EventList({ openId }: { readonly openId: string | null }) {
  const { feed, hub } = useApp();
  const view = useReadable(feed.view);
  const { slice, mode, status, topRequest } = view;
  const scroller = useRef<HTMLDivElement>(null);
  const listRows = useListRows(view);
  const { count } = listRows;
  const rows = useRowWindow(scroller, count, ROW_HEIGHT, HEAD_HEIGHT);

  // What was put in above moves the rows in sight; the scroll position moves with them.
  const shownRows = useRef(listRows);
  useLayoutEffect(() => {
    const before = shownRows.current;
    shownRows.current = listRows;
    const element = scroller.current;
    if (before === listRows || mode === "live" || !element) return;
    const moved = movedRows(before, listRows, Math.floor(element.scrollTop / ROW_HEIGHT));
    if (moved !== 0) element.scrollTop += moved * ROW_HEIGHT;
  }, [listRows, mode]);
  // After that: who goes to a certain row is not moved again.
  const cursor = useEventCursor({
    openId,
    pageRows: Math.max(1, rows.end - rows.first - 13),
    scrollToRow: rows.scrollToRow,
    rowOf: listRows.rowOf,
  });

  const shownTop = useRef(topRequest);
  useLayoutEffect(() => {
    if (shownTop.current === topRequest) return;
    shownTop.current = topRequest;
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [topRequest]);

  const handleScroll = useEffectEvent((): void => {
    const top = scroller.current?.scrollTop ?? 0;
    if (top > 2) feed.hold("scroll");
    else feed.release("scroll");
    if (top < NEAR_END * ROW_HEIGHT) feed.loadNewer();
  });
  useEffect(() => {
    const element = scroller.current;
    const listener = (): void => handleScroll();
    element?.addEventListener("scroll", listener, { passive: true });
    return () => element?.removeEventListener("scroll", listener);
  }, []);
  const nearEnd = rows.end > count - NEAR_END && status === "ready" && !slice.atOldest && !view.loadingOlder && !view.error;
  // A live list at its bound has older events cut off all the time; they are wanted only where someone looks.
  const olderFrom = nearEnd && (mode !== "live" || count < NEAR_END) ? slice.olderCursor : null;
  useEffect(() => {
    if (olderFrom !== null) feed.loadOlder();
  }, [feed, olderFrom]);

  const now = hub.now();
  const slots = Math.max(0, rows.end - rows.first);
  const empty = count === 0 && status !== "loading" && (slice.atOldest || status === "failed");
  return (
    <div className="list">
      <NewEventsPill />
      <div
        ref={scroller}
        className={status === "loading" && count > 0 ? "list__scroll list__scroll--stale" : "list__scroll"}
        role="grid"
        aria-label="Events"
        aria-rowcount={slice.atOldest ? count + 1 : -1}
        aria-colcount={COLUMNS.length}
        aria-busy={status === "loading"}
        aria-activedescendant={cursor.row >= 0 && cursor.row >= rows.first && cursor.row < rows.end ? rowId(cursor.row, slots) : undefined}
        tabIndex={0}
      >
        <div className="list__head event-grid" role="row" aria-rowindex={1}>
          {COLUMNS.map((name) => (
            <span key={name} role="columnheader" className={`cell cell--${name.toLowerCase()}`}>
              {name}
            </span>
          ))}
        </div>
        <div className="list__rows" role="rowgroup" style={{ height: rows.height }}>
          {Array.from({ length: slots }, (_, at) => {
            const row = rows.first + ((at - (rows.first % slots) + slots) % slots);
            if (row >= count) return null;
            const item = listRows.at(row);
            const today = Math.floor(now / 3_600_000);
            if (item.kind === "session")
              return <SessionRow key={at} session={item.session} row={row} slots={slots} top={rows.topOf(row)} today={today} />;
            return (
              <EventRow
                key={at}
                event={item.event}
                row={row}
                slots={slots}
                top={rows.topOf(row)}
                isActive={row === cursor.row}
                isOpen={item.event.id === openId}
                today={today}
                onChoose={cursor.choose}
              />
            );
          })}
        </div>
        {!empty && <ListFoot />}
      </div>
      {empty && <EmptyEvents />}
    </div>
  );
}
