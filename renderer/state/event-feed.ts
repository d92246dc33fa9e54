import type { EventPage } from "../../main/contract/calls.ts";
import type { Refusal } from "../../main/contract/errors.ts";
import type { EventSummary } from "../../main/contract/event.ts";
import type { Gap } from "../../main/contract/feeds.ts";
import type { InspectorClient, OpenFeed } from "../../main/contract/inspector.ts";
import { toRefusal, type Connection } from "../link/connection.ts";
import { createCell, type Readable } from "./cell.ts";
import { EMPTY_SLICE, addNewer, addOlder, startSlice, type EventSlice } from "./event-slice.ts";
import { MAX_PENDING, addPending, startPending, type PendingEvents } from "./pending-events.ts";

/** Why the list stands still although events come. */
export type Hold = "pause" | "scroll" | "selection";

export interface EventFeedView {
  readonly slice: EventSlice;
  readonly mode: "live" | "held" | "paused";
  /** Events that came since the list was held; `newCountAtLeast` when a gap hides how many. */
  readonly newCount: number;
  readonly newCountAtLeast: boolean;
  readonly status: "loading" | "ready" | "failed";
  readonly error: Refusal | null;
  readonly loadingOlder: boolean;
  /** Grows when the list should show its newest row: a new filter, or back to live. */
  readonly topRequest: number;
}

/** The Events list's data: a slice of the log that follows the live feed, or stands still and pages both ways. */
export interface EventFeed {
  readonly view: Readable<EventFeedView>;
  /** Called with every batch of matching events that arrives, for counting; null when the count must be asked anew. */
  onArrived(listener: (events: readonly EventSummary[] | null) => void): () => void;
  setFilter(filter: string): void;
  hold(reason: Hold): void;
  release(reason: Hold): void;
  /** Lets go of everything and shows the newest. */
  readonly goLive: () => void;
  loadOlder(): void;
  loadNewer(): void;
  /** Shows the part of the log around this seq. */
  showAround(seq: number): Promise<void>;
  readonly retry: () => void;
  stop(): void;
}

const FIRST_PAGE = 200;
const PAGE = 500;
/** The list is told of what came at most this often: 20 times a second. */
const TELL_MS = 50;
/** What waits for that is bounded too, where a hidden window's timers hardly run. */
const MAX_INBOX = 5000;

/** With a connection that is open already it begins at once. */
export function createEventFeed(connection: Connection, startFilter = ""): EventFeed {
  const view = createCell<EventFeedView>({
    slice: EMPTY_SLICE,
    mode: "live",
    newCount: 0,
    newCountAtLeast: false,
    status: "loading",
    error: null,
    loadingOlder: false,
    topRequest: 0,
  });
  const holds = new Set<Hold>();
  const arrivedListeners = new Set<(events: readonly EventSummary[] | null) => void>();
  let client: InspectorClient | null = null;
  let logId: string | null = null;
  let filter = startFilter;
  let feed: OpenFeed | null = null;
  let pending: PendingEvents = startPending(0);
  let pendingAtLeast = false;
  let inbox: EventSummary[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Answers to questions of an earlier filter or connection are thrown away. */
  let round = 0;
  let paging = false;

  const mode = (): EventFeedView["mode"] => (holds.has("pause") ? "paused" : holds.size > 0 ? "held" : "live");
  const tell = (change: Partial<EventFeedView> = {}): void =>
    view.set({ ...view.get(), mode: mode(), newCount: pending.count, newCountAtLeast: pendingAtLeast, ...change });
  const tellArrived = (events: readonly EventSummary[] | null): void => {
    for (const listener of arrivedListeners) listener(events);
  };
  const isContiguous = (slice: EventSlice): boolean => slice.newestSeq >= pending.completeFrom;

  /** Takes what has come into the list, or into what waits. */
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (inbox.length === 0) return;
    const events = inbox;
    inbox = [];
    tellArrived(events);
    const { slice } = view.get();
    const last = events.at(-1)!.seq;
    if (holds.size === 0 && isContiguous(slice)) {
      pending = startPending(last);
      return tell({ slice: addNewer(slice, events, last) });
    }
    pending = addPending(pending, events);
    tell();
  };
  const receive = (items: readonly EventSummary[]): void => {
    for (const item of items) inbox.push(item);
    if (inbox.length >= MAX_INBOX) flush();
    else timer ??= setTimeout(flush, TELL_MS);
  };

  /** The feed left events out: asks for the newest of them; what is still missing then is left to paging. */
  const fillGap = async (from: InspectorClient, gap: Gap): Promise<void> => {
    flush();
    const mine = round;
    const page = await from.call("events.query", { before: gap.to + 1, limit: MAX_PENDING, filter });
    if (mine !== round) return;
    const events = page.events.filter((one) => one.seq >= gap.from).toReversed();
    const whole = !page.more || page.cursor < gap.from || events.length < page.events.length;
    tellArrived(null);
    if (whole) {
      inbox.unshift(...events);
      return flush();
    }
    const { slice } = view.get();
    pending = { count: pending.count + events.length, completeFrom: (events[0]?.seq ?? gap.to + 1) - 1, events };
    pendingAtLeast = true;
    if (holds.size === 0) joinOrRestart(slice);
    else tell();
  };

  /** Puts what waits into the list; where a hole lies between, the list begins anew with what waits. */
  const joinOrRestart = (slice: EventSlice): void => {
    const newest = Math.max(pending.events.at(-1)?.seq ?? 0, pending.completeFrom);
    const next = isContiguous(slice) ? addNewer(slice, pending.events, newest) : startSlice(pending.events, newest, slice.shift);
    pending = startPending(newest);
    pendingAtLeast = false;
    tell({ slice: next });
  };

  const openFeed = (from: InspectorClient, after: number): void => {
    const mine = round;
    feed = from.open(
      "events",
      { after, filter },
      {
        onItems: (items) => {
          if (mine === round) receive(items);
        },
        onGap: async (gap) => {
          try {
            if (mine === round) await fillGap(from, gap);
          } catch (error) {
            if (mine === round && toRefusal(error).code !== "HUB_UNREACHABLE") tell({ error: toRefusal(error) });
          }
        },
        onEnd: (error) => {
          if (mine === round && error && error.code !== "HUB_UNREACHABLE") tell({ status: "failed", error });
        },
      },
    );
  };

  const begin = (): number => {
    round += 1;
    feed?.close();
    feed = null;
    inbox = [];
    paging = false;
    return round;
  };

  /** Asks for the newest page and follows from there. */
  const load = async (keep: boolean): Promise<void> => {
    const mine = begin();
    const from = client;
    if (!from) return;
    holds.delete("scroll");
    const { slice, topRequest } = view.get();
    pending = startPending(0);
    pendingAtLeast = false;
    tell({ status: "loading", error: null, ...(keep ? {} : { slice: EMPTY_SLICE }) });
    try {
      const page: EventPage = await from.call("events.query", { limit: FIRST_PAGE, filter });
      if (mine !== round) return;
      pending = startPending(page.last);
      tell({
        slice: { ...addOlder({ ...EMPTY_SLICE, shift: slice.shift }, page), newestSeq: page.last },
        status: "ready",
        loadingOlder: false,
        topRequest: topRequest + 1,
      });
      tellArrived(null);
      openFeed(from, page.last);
    } catch (error) {
      if (mine === round) tell({ status: "failed", error: toRefusal(error), slice: EMPTY_SLICE });
    }
  };

  /** After a lost connection: what was missed is a gap like any other. */
  const resume = async (from: InspectorClient): Promise<void> => {
    flush();
    const { slice } = view.get();
    const edge = Math.max(pending.events.at(-1)?.seq ?? 0, pending.completeFrom, isContiguous(slice) ? slice.newestSeq : 0);
    const mine = begin();
    const last = from.welcome.lastSeq;
    try {
      if (last > edge) await fillGap(from, { from: edge + 1, to: last });
      if (mine !== round) return;
      openFeed(from, Math.max(last, edge));
      tell({ status: "ready", error: null, loadingOlder: false });
    } catch (error) {
      if (mine === round) tell({ status: "failed", error: toRefusal(error) });
    }
  };

  const pageThrough = async (ask: (from: InspectorClient) => Promise<(slice: EventSlice) => EventSlice>): Promise<void> => {
    if (paging || !client) return;
    paging = true;
    const mine = round;
    try {
      const apply = await ask(client);
      if (mine !== round) return;
      tell({ slice: apply(view.get().slice) });
    } catch (error) {
      if (mine === round && toRefusal(error).code !== "HUB_UNREACHABLE") tell({ error: toRefusal(error) });
    } finally {
      if (mine === round) {
        paging = false;
        if (view.get().loadingOlder) tell({ loadingOlder: false });
      }
    }
  };

  const follow = (): void => {
    const state = connection.state.get();
    if (state.state !== "open") return;
    const sameLog = logId === state.client.welcome.logId && view.get().status === "ready";
    client = state.client;
    logId = state.client.welcome.logId;
    void (sameLog ? resume(state.client) : load(false));
  };
  const stopWatching = connection.state.subscribe(follow);
  follow();

  const letGo = (): void => {
    if (holds.size > 0) return tell();
    const { slice } = view.get();
    if (isContiguous(slice)) joinOrRestart(slice);
    else tell();
  };

  return {
    view,
    onArrived: (listener) => {
      arrivedListeners.add(listener);
      return () => arrivedListeners.delete(listener);
    },
    setFilter: (next) => {
      if (next === filter && view.get().status !== "failed") return;
      filter = next;
      void load(true);
    },
    hold: (reason) => {
      if (holds.has(reason)) return;
      flush();
      holds.add(reason);
      tell();
    },
    release: (reason) => {
      if (!holds.delete(reason)) return;
      letGo();
    },
    goLive: () => {
      holds.clear();
      flush();
      const { slice, topRequest } = view.get();
      if (isContiguous(slice) || pending.events.length > 0) {
        joinOrRestart(slice);
        return tell({ topRequest: topRequest + 1 });
      }
      void load(true);
    },
    loadOlder: () => {
      const { slice, status, loadingOlder } = view.get();
      if (slice.atOldest || status !== "ready" || paging || loadingOlder || !client) return;
      tell({ loadingOlder: true });
      void pageThrough(async (from) => {
        const page = await from.call("events.query", { before: slice.olderCursor, limit: PAGE, filter });
        return (now) => (now.olderCursor === slice.olderCursor ? addOlder(now, page) : now);
      });
    },
    loadNewer: () => {
      const { slice } = view.get();
      if (isContiguous(slice)) return;
      void pageThrough(async (from) => {
        const page = await from.call("events.query", { after: slice.newestSeq, limit: PAGE, filter });
        return (now) => (now.newestSeq === slice.newestSeq ? addNewer(now, page.events, page.more ? page.cursor : page.last) : now);
      });
    },
    showAround: async (seq) => {
      holds.add("selection");
      await pageThrough(async (from) => {
        const older = await from.call("events.query", { before: seq + 1, limit: FIRST_PAGE, filter });
        const newer = await from.call("events.query", { after: seq, limit: FIRST_PAGE, filter });
        return (now) => {
          const around = addNewer(
            addOlder({ ...EMPTY_SLICE, newestSeq: seq }, older),
            newer.events,
            newer.more ? newer.cursor : newer.last,
          );
          // Other rows altogether: none of those in sight has moved.
          return { ...around, shift: now.shift };
        };
      });
    },
    retry: () => void load(false),
    stop: () => {
      begin();
      stopWatching();
      clearTimeout(timer);
    },
  };
}
