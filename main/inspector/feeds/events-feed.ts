import type { EventSummary } from "../../contract/event.ts";
import type { Gap } from "../../contract/feeds.ts";
import { parseFilter, passesFilter } from "../../contract/filter.ts";
import { searchTextOf, toSummary } from "../../hub/event-view.ts";
import type { HubEvent } from "../../hub/ports.ts";
import { createBacklog } from "./backlog.ts";
import { CLOSED_FEED, type FeedOpener } from "./feed.ts";

/** About two frames of a screen: what a person sees as at once. */
const BATCH_MS = 30;
/** Items of one frame, and so of all that a feed holds. */
const MAX_BATCH = 500;

/**
 * Events as they are committed, in order. First what the log has after `after`, at the reader's own pace; then live,
 * where a reader that does not keep up misses events and is told which.
 */
export const openEventsFeed: FeedOpener<"events"> = (params, channel, { hub, clock, reportFailure }) => {
  const parsed = parseFilter(params.filter ?? "", clock.now());
  if (!parsed.ok) {
    channel.end(parsed.refusal);
    return CLOSED_FEED;
  }
  const filter = parsed.value;
  const { log } = hub;
  const logId = log.status().id;
  const pending: EventSummary[] = [];
  const backlog = createBacklog(MAX_BATCH);
  /** Everything up to here was sent, told as a gap, or does not pass. */
  let position = params.after ?? log.status().lastSeq;
  let live = params.after === undefined;
  let gap: Gap | null = null;
  let closed = false;
  const isClosed = (): boolean => closed;
  let cancelFlush: (() => void) | null = null;
  let roomCame = (): void => {};

  const view = (event: HubEvent): EventSummary | null => {
    const summary = toSummary(event, logId);
    return passesFilter(filter, summary, () => searchTextOf(event)) ? summary : null;
  };

  const flush = (): void => {
    cancelFlush?.();
    cancelFlush = null;
    if (pending.length > 0) channel.items(pending.splice(0));
  };

  const add = (item: EventSummary): void => {
    if (gap !== null || !channel.hasRoom()) {
      gap = { from: gap?.from ?? item.seq, to: item.seq };
      return;
    }
    pending.push(item);
    if (pending.length >= MAX_BATCH) flush();
    else cancelFlush ??= clock.after(BATCH_MS, flush);
  };

  const handleLive = (event: HubEvent): void => {
    if (event.seq <= position) return;
    position = event.seq;
    // A reader that is behind must cost nothing: without a filter the event need not even be looked at.
    if (gap !== null && filter.length === 0) gap = { from: gap.from, to: event.seq };
    else {
      const item = view(event);
      if (item) add(item);
    }
  };

  const room = async (): Promise<void> => {
    while (!channel.hasRoom() && !isClosed()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      roomCame = resolve;
      await promise;
    }
  };

  /** Reads the log page by page until what is left is in the backlog, which has been gathering meanwhile. */
  const catchUp = async (): Promise<void> => {
    while (!isClosed()) {
      const page = await log.query({ after: position, limit: MAX_BATCH, filter: params.filter });
      if (isClosed()) return;
      if (!page.ok) return channel.end(page.refusal);
      const { events, cursor, last, more } = page.value;
      if (events.length > 0) {
        await room();
        if (isClosed()) return;
        channel.items(events);
      }
      position = Math.max(position, more ? cursor : last);
      if (more || !backlog.reachesBackTo(position)) continue;
      live = true;
      for (const item of backlog.take()) if (item.seq > position) add(item);
      position = Math.max(position, backlog.lastSeen());
      return;
    }
  };

  channel.opened(position);
  const stop = hub.onEvents((events) => {
    if (live) for (const event of events) handleLive(event);
    else for (const event of events) backlog.add(event.seq, event.seq > position ? view(event) : null);
  });
  if (!live) catchUp().catch((error: unknown) => channel.end(reportFailure("Following events", error)));

  return {
    onRoom() {
      roomCame();
      if (gap === null) return;
      channel.gap(gap);
      gap = null;
    },
    close() {
      closed = true;
      stop();
      cancelFlush?.();
      pending.length = 0;
      roomCame();
    },
  };
};
