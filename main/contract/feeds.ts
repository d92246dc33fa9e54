import type { EventSummary } from "./event.ts";
import type { SessionChanges, SessionEvent, SessionTraffic } from "./session.ts";
import type { HubStatus } from "./status.ts";
import type { TunnelInfo } from "./tunnel.ts";

/** Everything an inspector can follow. Name → parameters and item. Feeds carry summaries; bodies are fetched by call. */
export interface Feeds {
  /** Every event after `after` (a seq; left out: from now on) that passes `filter`, in order. */
  events: { params: { readonly after?: number | undefined; readonly filter?: string | undefined }; item: EventSummary };
  /** The hub's status, about once a second and at each change of state. */
  status: { params: Record<never, never>; item: HubStatus };
  /** Who is connected: all of them, then once a second what has changed. */
  sessions: { params: Record<never, never>; item: SessionChanges };
  /** Who came, went and was turned away: what is known of before, then each as it happens. */
  sessionEvents: { params: Record<never, never>; item: SessionEvent };
  /** What goes from and to one session from now on; ends with it. Refuses SESSION_NOT_FOUND. */
  sessionTraffic: { params: { readonly id: string }; item: SessionTraffic };
  /** All tunnels, at first and whenever something of them has changed. */
  tunnels: { params: Record<never, never>; item: { readonly tunnels: readonly TunnelInfo[] } };
}

export type FeedName = keyof Feeds;
export type FeedParams<N extends FeedName> = Feeds[N]["params"];
export type FeedItem<N extends FeedName> = Feeds[N]["item"];

/** Events (seq) that a feed left out because its reader was slow: `from` and `to` inclusive. To be filled by `events.query`. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}
