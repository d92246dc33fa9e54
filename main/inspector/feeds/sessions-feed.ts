import type { FeedOpener } from "./feed.ts";

const PERIOD_MS = 1000;
/** Sessions of one frame. */
const MAX_FRAME = 250;
/** Sessions of one second, once all have been told: who has thousands of busy ones is told of each in turn. */
const MAX_PERIOD = 2000;

/** Who is connected: at least one item each second, which says that nothing else has changed. A slow reader is told less often, and never what is old by then. */
export const openSessionsFeed: FeedOpener<"sessions"> = (_params, channel, { hub, clock }) => {
  const follower = hub.sessions.createFollower();
  let missed = false;
  let cancel = (): void => {};

  const say = (): void => {
    for (let left = MAX_PERIOD; left > 0; left -= MAX_FRAME) {
      missed = !channel.hasRoom();
      if (missed) return;
      const changes = follower.next(MAX_FRAME);
      channel.items([changes]);
      if (changes.changed.length < MAX_FRAME) return;
    }
  };
  const tick = (): void => {
    say();
    cancel = clock.after(PERIOD_MS, tick);
  };

  channel.opened(hub.log.status().lastSeq);
  tick();
  return {
    onRoom() {
      if (missed) say();
    },
    close() {
      cancel();
    },
  };
};
