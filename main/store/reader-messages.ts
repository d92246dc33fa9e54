import type { BodyChunk, EventPage, EventQuery, Timeline, TopicInfo } from "../contract/calls.ts";
import type { DeliveryDetail, DeliveryFilter, DeliveryPage, DeliveryQuery } from "../contract/delivery.ts";
import type { Result } from "../contract/errors.ts";
import type { EventDetail } from "../contract/event.ts";
import type { TopicHistory } from "../contract/topic-view.ts";
import type { HistoryRead, LogRead, LogSlice, StoredDelivery, StoredTopicNode } from "../hub/ports.ts";
import type { RetainedPage } from "./read-slice.ts";
import type { StoredTopicNodes } from "./read-topic-nodes.ts";
import type { TimelineParams } from "./run-timeline.ts";

export interface ReaderStart {
  readonly logPath: string;
  readonly logId: string;
}

/** What a reader's thread can be asked. Name → parameters and answer. */
export interface ReaderCalls {
  query: { params: { readonly query: EventQuery; readonly now: number }; answer: Result<EventPage> };
  get: { params: { readonly id: string }; answer: Result<EventDetail> };
  body: { params: { readonly id: string; readonly offset: number; readonly length: number }; answer: Result<BodyChunk> };
  timeline: { params: TimelineParams & { readonly now: number }; answer: Result<Timeline> };
  topics: {
    params: { readonly prefix: string; readonly search: string; readonly limit: number };
    answer: Result<{ topics: TopicInfo[]; more: boolean }>;
  };
  level: {
    params: { readonly parent: string | null; readonly after: string | null; readonly limit: number };
    answer: Result<{ nodes: StoredTopicNode[]; more: boolean }>;
  };
  nodes: { params: { readonly topics: readonly string[]; readonly recent: number }; answer: Result<StoredTopicNodes> };
  history: { params: HistoryRead; answer: Result<TopicHistory> };
  read: { params: LogRead; answer: Result<LogSlice> };
  retained: { params: { readonly after: number; readonly limit: number }; answer: Result<RetainedPage> };
  deliveries: { params: DeliveryQuery; answer: Result<DeliveryPage> };
  delivery: { params: { readonly id: string }; answer: Result<DeliveryDetail> };
  repeatable: {
    params: { readonly filter: DeliveryFilter; readonly limit: number };
    answer: Result<readonly StoredDelivery[]>;
  };
  attach: { params: { readonly path: string }; answer: Result<void> };
  detach: { params: Record<never, never>; answer: Result<void> };
}
export type ReaderCall = keyof ReaderCalls;

export type ToReader =
  | {
      [N in ReaderCall]: { readonly t: "call"; readonly call: number; readonly name: N; readonly params: ReaderCalls[N]["params"] };
    }[ReaderCall]
  | { readonly t: "close" };

export type FromReader =
  | { readonly t: "answer"; readonly call: number; readonly answer: Result<unknown> }
  /** A bug: the stack is for the hub's own log. */
  | { readonly t: "threw"; readonly call: number; readonly stack: string }
  /** The log's content is wrong somewhere. */
  | { readonly t: "log-damaged"; readonly error: string }
  /** The index was let go of to see whether it was at fault; it was not. */
  | { readonly t: "index-let-go" }
  /** The index is of no use any more, and was let go of. */
  | { readonly t: "index-damaged"; readonly error: string };
