import type { FeedOpener } from "./feed.ts";

const PERIOD_MS = 1000;
/** Sessions of one frame: a few milliseconds of work. */
const MAX_FRAME = 250;
/** Between the frames of one period: where thousands are busy, others have their turn too. */
const PAUSE_MS = 30;

/** Who is connected: at least one item each second, which says that nothing else has changed. A slow reader is told less often, and never what is old by then. */
export const openSessionsFeed: FeedOpener<"sessions"> = (_params, channel, { hub, clock }) => {
  const follower = hub.sessions.createFollower();
  let missed = false;
  let cancel = (): void => {};

  const say = (): void => {
    cancel();
    missed = !channel.hasRoom();
    let isAll = true;
    if (!missed) {
      const changes = follower.next(MAX_FRAME);
      channel.items([changes]);
      isAll = changes.changed.length < MAX_FRAME;
    }
    cancel = clock.after(isAll ? PERIOD_MS : PAUSE_MS, say);
  };

  channel.opened(hub.log.status().lastSeq);
  say();
  return {
    onRoom() {
      if (missed) say();
    },
    close() {
      cancel();
    },
  };
};
