import type { SessionEvent } from "../../contract/session.ts";
import type { FeedOpener } from "./feed.ts";

const BATCH_MS = 100;

/** Who came, went and was turned away. A slow reader catches up with what is still known. */
export const openSessionEventsFeed: FeedOpener<"sessionEvents"> = (_params, channel, { hub, clock }) => {
  const { history } = hub.sessions;
  /** By number: one whose count has grown meanwhile is told once. */
  let pending = new Map<number, SessionEvent>();
  let missedFrom: number | null = null;
  let cancelFlush: (() => void) | null = null;

  const send = (events: readonly SessionEvent[]): void => {
    if (events.length > 0) channel.items(events);
  };
  const flush = (): void => {
    cancelFlush = null;
    const events = [...pending.values()];
    pending = new Map();
    if (channel.hasRoom()) send(events);
    else missedFrom = Math.min(missedFrom ?? Number.POSITIVE_INFINITY, ...events.map(({ number }) => number));
  };

  channel.opened(hub.log.status().lastSeq);
  send(history.recent());
  const stop = history.onEvent((event) => {
    if (missedFrom !== null) missedFrom = Math.min(missedFrom, event.number);
    else {
      pending.set(event.number, event);
      cancelFlush ??= clock.after(BATCH_MS, flush);
    }
  });
  return {
    onRoom() {
      if (missedFrom === null) return;
      send(history.recent(missedFrom));
      missedFrom = null;
    },
    close() {
      stop();
      cancelFlush?.();
    },
  };
};
