import type { Gap } from "../../contract/feeds.ts";
import type { SessionTraffic } from "../../contract/session.ts";
import { toSummary } from "../../hub/event-view.ts";
import { CLOSED_FEED, type FeedOpener } from "./feed.ts";

/** About two frames of a screen, as for all events. */
const BATCH_MS = 30;
const MAX_BATCH = 200;

/** What goes from and to one session. Where more goes than its reader takes, a gap says between which events some are left out. */
export const openSessionTrafficFeed: FeedOpener<"sessionTraffic"> = ({ id }, channel, { hub, clock }) => {
  const logId = hub.log.status().id;
  let pending: SessionTraffic[] = [];
  let gap: Gap | null = null;
  let cancelFlush: (() => void) | null = null;

  const flush = (): void => {
    cancelFlush = null;
    if (!channel.hasRoom()) return;
    if (pending.length > 0) channel.items(pending);
    pending = [];
    if (gap !== null) channel.gap(gap);
    gap = null;
  };
  const watching = hub.sessions.watch(id, {
    onEvent(direction, event) {
      if (pending.length < MAX_BATCH) pending.push({ direction, event: toSummary(event, logId) });
      else gap = { from: Math.min(gap?.from ?? event.seq, event.seq), to: Math.max(gap?.to ?? event.seq, event.seq) };
      cancelFlush ??= clock.after(BATCH_MS, flush);
    },
    onGone() {
      cancelFlush?.();
      flush();
      channel.end(null);
    },
  });
  if (!watching.ok) {
    channel.end(watching.refusal);
    return CLOSED_FEED;
  }
  channel.opened(hub.log.status().lastSeq);
  return {
    onRoom: flush,
    close() {
      watching.value();
      cancelFlush?.();
    },
  };
};
