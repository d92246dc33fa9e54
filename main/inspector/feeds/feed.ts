import type { Refusal } from "../../contract/errors.ts";
import type { FeedItem, FeedName, FeedParams, Gap } from "../../contract/feeds.ts";
import type { Hub } from "../../hub/hub.ts";
import type { Clock } from "../../platform/clock.ts";
import type { ReportFailure } from "../report-failure.ts";

/** What a feed may say to its reader. After `end` nothing more is said. */
export interface FeedChannel<Item> {
  opened(seq: number): void;
  /** May a frame be sent now? Else FEED_WINDOW of them wait for the reader. */
  hasRoom(): boolean;
  items(items: readonly Item[]): void;
  gap(gap: Gap): void;
  end(error: Refusal | null): void;
}

/** A feed somebody follows. */
export interface FeedSession {
  /** The reader has caught up enough that it pays to send again (half the window). */
  onRoom(): void;
  close(): void;
}

export interface FeedContext {
  readonly hub: Hub;
  readonly clock: Clock;
  readonly reportFailure: ReportFailure;
}

export type FeedOpener<N extends FeedName> = (
  params: FeedParams<N>,
  channel: FeedChannel<FeedItem<N>>,
  context: FeedContext,
) => FeedSession;

export const CLOSED_FEED: FeedSession = { onRoom() {}, close() {} };
