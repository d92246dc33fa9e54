import { refuse, type Refusal, type Result } from "../contract/errors.ts";
import type { FeedItem, FeedName } from "../contract/feeds.ts";
import { FEED_WINDOW, type HubFrame } from "../contract/frames.ts";
import { FEED_HANDLERS } from "./feed-handlers.ts";
import type { FeedChannel, FeedContext, FeedSession } from "./feeds/feed.ts";
import { isFeedName, parseFeedParams } from "./parse-params.ts";

const MAX_FEEDS = 32;

/** The feeds open on one link, each with its window of frames that the reader has not yet answered with `taken`. */
export interface LinkFeeds {
  open(id: number, feed: string, params: unknown): Result<void> | void;
  close(id: number): void;
  taken(id: number): void;
  closeAll(): void;
}

interface OpenFeed {
  session: FeedSession | null;
  unanswered: number;
}

export function createLinkFeeds(send: (frame: HubFrame) => void, context: FeedContext): LinkFeeds {
  const feeds = new Map<number, OpenFeed>();

  const close = (id: number): void => {
    const feed = feeds.get(id);
    feeds.delete(id);
    feed?.session?.close();
  };

  const channelOf = <N extends FeedName>(id: number, feed: OpenFeed): FeedChannel<FeedItem<N>> => {
    const isOpen = (): boolean => feeds.get(id) === feed;
    const sendCounted = (frame: HubFrame): void => {
      if (!isOpen()) return;
      feed.unanswered += 1;
      send(frame);
    };
    return {
      opened: (seq) => send({ t: "opened", id, seq }),
      hasRoom: () => feed.unanswered < FEED_WINDOW,
      items: (items) => sendCounted({ t: "items", id, items }),
      gap: (gap) => sendCounted({ t: "gap", id, ...gap }),
      end(error) {
        if (!isOpen()) return;
        send({ t: "ended", id, error });
        close(id);
      },
    };
  };

  // N ties the handler to its parameters.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  const start = <N extends FeedName>(id: number, name: N, params: unknown): void => {
    const feed: OpenFeed = { session: null, unanswered: 0 };
    feeds.set(id, feed);
    const channel = channelOf<N>(id, feed);
    const parsed = parseFeedParams(name, params);
    if (!parsed.ok) return channel.end(parsed.refusal);
    try {
      const session = FEED_HANDLERS[name](parsed.value, channel, context);
      // It may have ended while it was opened.
      if (feeds.get(id) === feed) feed.session = session;
      else session.close();
    } catch (error) {
      channel.end(context.reportFailure(`Opening the feed ${name}`, error));
    }
  };

  return {
    open(id, name, params) {
      if (feeds.has(id)) return refuse("FRAME_INVALID", `The feed ${id} is still open; give each feed its own id.`);
      const end = (error: Refusal): void => send({ t: "ended", id, error });
      if (!isFeedName(name)) return end({ code: "FEED_UNKNOWN", message: `There is no feed "${name}".` });
      if (feeds.size >= MAX_FEEDS)
        return end({ code: "HUB_BUSY", message: `${MAX_FEEDS} feeds are open on this link. Close one of them.` });
      start(id, name, params);
    },
    close,
    taken(id) {
      const feed = feeds.get(id);
      if (!feed || feed.unanswered === 0) return;
      feed.unanswered -= 1;
      // Not at each frame, or a slow reader would get nothing but gaps of one frame's time.
      if (feed.unanswered <= FEED_WINDOW / 2) feed.session?.onRoom();
    },
    closeAll() {
      for (const id of feeds.keys()) close(id);
    },
  };
}
