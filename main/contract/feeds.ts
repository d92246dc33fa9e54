import type { EventSummary } from "./event.ts";
import type { SessionList } from "./session.ts";
import type { HubStatus } from "./status.ts";

/** Everything an inspector can follow. Name → parameters and item. Feeds carry summaries; bodies are fetched by call. */
export interface Feeds {
  /** Every event after `after` (a seq; left out: from now on) that passes `filter`, in order. */
  events: { params: { readonly after?: number | undefined; readonly filter?: string | undefined }; item: EventSummary };
  /** The hub's status, about once a second and at each change of state. */
  status: { params: Record<never, never>; item: HubStatus };
  /** Who is connected, about once a second; the newest MAX_SESSIONS. */
  sessions: { params: Record<never, never>; item: SessionList };
}

export type FeedName = keyof Feeds;
export type FeedParams<N extends FeedName> = Feeds[N]["params"];
export type FeedItem<N extends FeedName> = Feeds[N]["item"];

/** Events (seq) that a feed left out because its reader was slow: `from` and `to` inclusive. To be filled by `events.query`. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}
