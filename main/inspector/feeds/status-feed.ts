import type { FeedOpener } from "./feed.ts";

const PERIOD_MS = 1000;

/** The hub's status once a second and at each change of the log's state. A slow reader gets fewer, never old ones. */
export const openStatusFeed: FeedOpener<"status"> = (_params, channel, { hub, clock }) => {
  let missed = false;
  let cancel = (): void => {};

  const say = (): void => {
    missed = !channel.hasRoom();
    if (!missed) channel.items([hub.status()]);
  };
  const tick = (): void => {
    say();
    cancel = clock.after(PERIOD_MS, tick);
  };

  channel.opened(hub.log.status().lastSeq);
  tick();
  const stop = hub.log.onState(say);
  return {
    onRoom() {
      if (missed) say();
    },
    close() {
      stop();
      cancel();
    },
  };
};
