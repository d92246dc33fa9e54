import { MAX_SESSIONS } from "../../contract/session.ts";
import type { FeedOpener } from "./feed.ts";

const PERIOD_MS = 1000;

/** Who is connected, once a second. A slow reader gets fewer lists, never old ones. */
export const openSessionsFeed: FeedOpener<"sessions"> = (_params, channel, { hub, clock }) => {
  let missed = false;
  let cancel = (): void => {};

  const say = (): void => {
    missed = !channel.hasRoom();
    if (!missed) channel.items([hub.sessions.list(MAX_SESSIONS)]);
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
