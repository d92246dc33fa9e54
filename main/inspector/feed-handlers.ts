import type { FeedName } from "../contract/feeds.ts";
import { openEventsFeed } from "./feeds/events-feed.ts";
import type { FeedOpener } from "./feeds/feed.ts";
import { openSessionEventsFeed } from "./feeds/session-events-feed.ts";
import { openSessionTrafficFeed } from "./feeds/session-traffic-feed.ts";
import { openSessionsFeed } from "./feeds/sessions-feed.ts";
import { openStatusFeed } from "./feeds/status-feed.ts";
import { openTunnelsFeed } from "./feeds/tunnels-feed.ts";

export type FeedHandlers = { readonly [N in FeedName]: FeedOpener<N> };

export const FEED_HANDLERS: FeedHandlers = {
  events: openEventsFeed,
  status: openStatusFeed,
  sessions: openSessionsFeed,
  sessionEvents: openSessionEventsFeed,
  sessionTraffic: openSessionTrafficFeed,
  tunnels: openTunnelsFeed,
};
