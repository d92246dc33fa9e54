import { createConnection, type Connection } from "../link/connection.ts";
import { desktop } from "../link/desktop.ts";
import { readToken } from "../link/login.ts";
import { openPortLink } from "../link/port-link.ts";
import { inspectorUrl, openWebSocketLink } from "../link/web-socket-link.ts";
import { createBodyLoader, type BodyLoader } from "./body-loader.ts";
import { createCommands, type Commands } from "./commands.ts";
import { createDevices, type DevicesStore } from "./devices.ts";
import { createEventFeed, type EventFeed } from "./event-feed.ts";
import { createHubStatus, type HubStatusStore } from "./hub-status.ts";
import { createRouter, type Router } from "./router.ts";
import { createSessionEvents, type SessionEventsStore } from "./session-events.ts";
import { createSources, type SourcesStore } from "./sources.ts";
import { createTimeline, type TimelineStore } from "./timeline.ts";
import { createToasts, type Toasts } from "./toasts.ts";
import { createTopicTree, type TopicTree } from "./topic-tree.ts";

/** Everything that lives as long as the page does. */
export interface App {
  readonly connection: Connection;
  readonly hub: HubStatusStore;
  readonly feed: EventFeed;
  readonly timeline: TimelineStore;
  readonly sources: SourcesStore;
  readonly devices: DevicesStore;
  readonly sessionEvents: SessionEventsStore;
  readonly topics: TopicTree;
  readonly bodies: BodyLoader;
  readonly router: Router;
  readonly commands: Commands;
  readonly toasts: Toasts;
}

export function createApp(): App {
  const connection = createConnection({
    openLink: () => (desktop ? openPortLink(desktop) : openWebSocketLink(inspectorUrl(location))),
    token: () => (desktop ? undefined : readToken()),
  });
  const hub = createHubStatus(connection);
  const feed = createEventFeed(connection);
  const app: App = {
    connection,
    hub,
    feed,
    timeline: createTimeline(connection, feed, hub.now),
    sources: createSources(connection, feed),
    devices: createDevices(connection),
    sessionEvents: createSessionEvents(connection),
    topics: createTopicTree(connection),
    bodies: createBodyLoader(connection),
    router: createRouter(),
    commands: createCommands(),
    toasts: createToasts(),
  };
  const applyFilter = (): void => {
    const { page, filter } = app.router.route.get();
    if (page !== "events") return;
    feed.setFilter(filter);
    app.timeline.setFilter(filter);
  };
  applyFilter();
  app.router.route.subscribe(applyFilter);
  return app;
}
