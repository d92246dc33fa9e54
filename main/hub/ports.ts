import type { BodyChunk, EventPage, EventQuery, Timeline, TopicInfo } from "../contract/calls.ts";
import type { ErrorCode, Refusal, Result } from "../contract/errors.ts";
import type { Direction, EventDetail, EventState, HeaderList, Protocol, Verdict } from "../contract/event.ts";
import type { Source } from "../contract/source.ts";
import type { LogStatus } from "../contract/status.ts";

/** What HTTP says of a request beside its body. */
export interface RequestHead {
  readonly method: string;
  /** The request target exactly as sent: path and query. */
  readonly target: string;
  readonly httpVersion: string;
  readonly headers: HeaderList;
  readonly trailers: HeaderList;
  readonly remoteAddress: string;
  readonly publicUrl: string;
  /** The status the sender is answered with. */
  readonly status: number;
}

/** An event before it has its place in the log. */
export interface NewEvent {
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly protocol: Protocol;
  readonly direction: Direction;
  readonly source: string | null;
  readonly topic: string;
  readonly contentType: string | null;
  readonly body: Uint8Array;
  /** Bytes as sent: body.length unless truncated. */
  readonly size: number;
  readonly truncated: boolean;
  readonly state: EventState;
  readonly refusal: ErrorCode | null;
  readonly verdict: Verdict;
  readonly verdictCause: string | null;
  readonly duplicateOfSeq: number | null;
  readonly retained: boolean;
  readonly causeSeq: number | null;
  /** Seq of the first event of the chain; null when nothing caused this one. */
  readonly traceSeq: number | null;
  readonly hops: number;
  readonly head: RequestHead | null;
}

/** An event that is in the log, durably. */
export interface HubEvent extends NewEvent {
  readonly seq: number;
  readonly id: string;
}

export type AppendOutcome = { readonly ok: true; readonly event: HubEvent } | { readonly ok: false; readonly refusal: Refusal };

/** The durable, ordered log. Everything bounded; every `done` is called exactly once. */
export interface EventLog {
  /** `done` runs after the commit that holds the event (fsync included), or with the reason why there is none. */
  append(event: NewEvent, done: (outcome: AppendOutcome) => void): void;
  /** Every committed event once, in order of seq, in batches of a commit; after the `done`s of that batch. */
  onCommitted(listener: (events: readonly HubEvent[]) => void): () => void;
  query(query: EventQuery): Promise<Result<EventPage>>;
  get(id: string): Promise<Result<EventDetail>>;
  body(id: string, offset: number, length: number): Promise<Result<BodyChunk>>;
  timeline(from: number, to: number, buckets: number, filter: string | undefined): Promise<Result<Timeline>>;
  topics(prefix: string, limit: number): Promise<{ topics: TopicInfo[]; more: boolean }>;
  status(): LogStatus;
  /** Called at each change of `status().state`. */
  onState(listener: (status: LogStatus) => void): () => void;
  /** Commits what is queued, then closes. */
  close(): Promise<void>;
}

/** Configured sources, kept beside the log. All are held in memory; writes are durable when the promise resolves. */
export interface SourceStore {
  all(): readonly Source[];
  save(source: Source): Promise<Result<Source>>;
  remove(name: string): Promise<Result<void>>;
}
