import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useState } from "react";
import type { EventSummary } from "../../../main/contract/event.ts";
import { useApp, useCommands, useReadable } from "../../components/app-context.tsx";
import { seqOfId } from "../../format/event-id.ts";
import { indexOfSeq } from "../../state/event-slice.ts";
import type { RowWindow } from "../../components/use-row-window.ts";

interface Options {
  readonly openId: string | null;
  readonly pageRows: number;
  readonly scrollToRow: RowWindow["scrollToRow"];
  /** The list's row of an event by its index in the slice: there are other rows in between. */
  readonly rowOf: (index: number) => number;
}

export interface EventCursor {
  /** The list's row the keyboard is at; -1 when it is nowhere in the list. */
  readonly row: number;
  readonly choose: (event: EventSummary, open: boolean) => void;
}

/** The row that keys act on. While there is one the list stands still; an open detail follows it. */
export function useEventCursor({ openId, pageRows, scrollToRow, rowOf }: Options): EventCursor {
  const { feed, router } = useApp();
  const { slice, status } = useReadable(feed.view);
  const { events } = slice;
  const [at, setAt] = useState<{ readonly seq: number; readonly id: string } | null>(null);
  const [holding, setHolding] = useState(false);
  const [located, setLocated] = useState<string | null>(null);
  const index = at === null ? -1 : indexOfSeq(events, at.seq);
  /** Among the events alone, the newest is 0. */
  const place = index < 0 ? -1 : events.length - 1 - index;
  const row = index < 0 ? -1 : rowOf(index);
  const isOpen = openId !== null;

  useEffect(() => {
    if (holding || isOpen) feed.hold("selection");
    else feed.release("selection");
  }, [feed, holding, isOpen]);

  const choose = useCallback(
    (event: EventSummary, open: boolean) => {
      const wasOpen = router.route.get().item !== null;
      setAt({ seq: event.seq, id: event.id });
      setHolding(true);
      setLocated(null);
      if (open || wasOpen) router.go({ item: event.id }, { replace: wasOpen });
    },
    [router],
  );
  const moveTo = (to: number): void => {
    const bounded = Math.max(0, Math.min(events.length - 1, to));
    const event = events[events.length - 1 - bounded];
    if (!event) return;
    choose(event, false);
    scrollToRow(rowOf(events.length - 1 - bounded));
    if (bounded > events.length - 20) feed.loadOlder();
  };

  // A link, or the browser's back and forward, opens an event by its id: the list goes there.
  if (openId !== null && openId !== at?.id && openId !== located) {
    const event = events.find((one) => one.id === openId);
    if (event) {
      setLocated(openId);
      setAt({ seq: event.seq, id: event.id });
    }
  }
  // One that is older than what is loaded is asked for, once.
  const oldestSeq = status === "ready" ? (events[0]?.seq ?? null) : null;
  const openSeq = openId === null || openId === at?.id || openId === located ? null : seqOfId(openId);
  const farSeq = openSeq !== null && oldestSeq !== null && openSeq < oldestSeq ? openSeq : null;
  useEffect(() => {
    if (farSeq !== null) void feed.showAround(farSeq);
  }, [feed, farSeq]);
  const showLocated = useEffectEvent(() => scrollToRow(row, "center"));
  useLayoutEffect(() => {
    if (located !== null) showLocated();
  }, [located]);

  const none = events.length === 0;
  useCommands({
    "list.next": none ? null : () => moveTo(place + 1),
    "list.previous": none ? null : () => moveTo(place < 0 ? 0 : place - 1),
    "list.page-down": none ? null : () => moveTo(place + pageRows),
    "list.page-up": none ? null : () => moveTo(place - pageRows),
    "list.first": none
      ? null
      : () => {
          feed.goLive();
          const first = feed.view.get().slice.events.at(-1);
          if (at !== null && first) choose(first, false);
        },
    "list.last": none ? null : () => moveTo(events.length - 1),
    "item.open": at === null ? null : () => router.go({ item: at.id }),
    "item.close":
      at === null && !isOpen
        ? null
        : () => {
            setHolding(false);
            if (isOpen) router.go({ item: null });
            else setAt(null);
          },
  });
  return { row, choose };
}
