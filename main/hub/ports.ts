import type { BodyChunk, EventPage, EventQuery, Timeline, TopicInfo } from "../contract/calls.ts";
import type { AttemptInfo, DeliveryDetail, DeliveryFilter, DeliveryPage, DeliveryQuery, DeliveryState } from "../contract/delivery.ts";
import type { ErrorCode, Refusal, Result } from "../contract/errors.ts";
import type { Direction, EventDetail, EventState, HeaderList, Protocol, Verdict } from "../contract/event.ts";
import type { Keeping } from "../contract/settings.ts";
import type { Source } from "../contract/source.ts";
import type { KeyInfo } from "../contract/key.ts";
import type { SessionWill } from "../contract/session.ts";
import type { LogStatus } from "../contract/status.ts";
import type { TopicHistory, TopicLine, TopicNode } from "../contract/topic-view.ts";
import type { LiveSource } from "./source-ports.ts";

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

/** By what a sender's delivery of an event is known again: providers send one more than once. */
export interface DeliveryId {
  /** The sender's own id; different events of a source have different ones. */
  readonly id: string;
  /** Only the very same body counts as the same delivery: the id alone may be anybody's. */
  readonly withBody: boolean;
  /** How long it is remembered. */
  readonly windowMs: number;
  /** The status the sender is answered with when it did come before. */
  readonly statusIfSeen: number;
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
  /** The cause in a sentence for a person, with what to do about it. */
  readonly verdictMessage?: string;
  readonly duplicateOfSeq: number | null;
  readonly retained: boolean;
  readonly causeSeq: number | null;
  /** Seq of the first event of the chain; null when nothing caused this one. */
  readonly traceSeq: number | null;
  readonly hops: number;
  readonly head: RequestHead | null;
  /** How surely its sender wants it delivered (MQTT 5 §4.3); left out where the protocol does not say. */
  readonly qos?: 0 | 1 | 2;
  /** What its sender said of the body beside the content type, by name; a name may come more than once. */
  readonly attributes?: HeaderList;
  /** When an accepted event of the same source had this within its window, this one is stored as that one's duplicate, in the same commit. */
  readonly delivery?: DeliveryId;
  /** Nobody is told what becomes of it (MQTT at QoS 0), so that it may be given out while it is being stored. */
  readonly unanswered?: true;
  /** It was, to those who take events so. Set by the hub. */
  ahead?: true;
}

/** An event that has its place in the log, durably: the place is taken even where the record policy keeps nothing of it. */
export interface HubEvent extends NewEvent {
  readonly seq: number;
  readonly id: string;
  /** Never removed from the log; left out when it is not. */
  readonly pinned?: true;
}

export type AppendOutcome = { readonly ok: true; readonly event: HubEvent } | { readonly ok: false; readonly refusal: Refusal };

/** What of the log a follower wants next. */
export interface LogRead {
  /** Exclusive. */
  readonly after: number;
  /** Valid topic filters; an event is wanted when any of them matches its topic. Null: every one, also on `$…` topics. */
  readonly filters: readonly string[] | null;
  readonly maxEvents: number;
  /** Of bodies and header lines; the event that goes beyond them is the last of the slice. */
  readonly maxBytes: number;
}

export interface LogSlice {
  /** Accepted events with their whole bodies, in order of seq. */
  readonly events: readonly HubEvent[];
  /** Everything up to here has been looked at: give it as `after` to go on. */
  readonly cursor: number;
  /** There is more to look at already. */
  readonly more: boolean;
}

/** What the log knows of a level of the topic tree. */
export type StoredTopicNode = Omit<TopicNode, "count" | "perSecond" | "retained" | "retainedId">;

export interface HistoryRead {
  readonly topic: string;
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
  /** A JSON pointer; undefined: the first numeric field there is. */
  readonly field: string | undefined;
}

/** The durable, ordered log. Everything bounded; every `done` is called exactly once. */
export interface EventLog {
  /**
   * `done` runs after the commit that holds the event (fsync included), or with the reason why there is none. False when
   * it is refused already.
   */
  append(event: NewEvent, done: (outcome: AppendOutcome) => void): boolean;
  /** Every committed event once, in order of seq, in batches of a commit; after the `done`s of that batch. */
  onCommitted(listener: (events: readonly HubEvent[]) => void): () => void;
  query(query: EventQuery): Promise<Result<EventPage>>;
  get(id: string): Promise<Result<EventDetail>>;
  body(id: string, offset: number, length: number): Promise<Result<BodyChunk>>;
  /** For followers: events with their bodies. */
  read(wanted: LogRead): Promise<Result<LogSlice>>;
  /** The retained event of each topic that has one, with its body: the newest with the retain flag, unless its body is empty (MQTT 5 §3.3.1.3). */
  retained(): Promise<readonly HubEvent[]>;
  timeline(from: number, to: number, buckets: number, filter: string | undefined): Promise<Result<Timeline>>;
  /** `search`: a topic filter with wildcards, or text within the topic. */
  topics(prefix: string, limit: number, search?: string): Promise<{ topics: TopicInfo[]; more: boolean }>;
  /** What stands directly below `parent` (null: the first levels), by name, from behind the name `after` on. */
  topicLevel(parent: string | null, limit: number, after?: string | null): Promise<{ nodes: StoredTopicNode[]; more: boolean }>;
  /** These levels, whether or not they exist, with the values of their `recent` newest events; `known` topics there are in all. */
  topicNodes(
    topics: readonly string[],
    recent: number,
  ): Promise<{ readonly nodes: readonly (StoredTopicNode & Pick<TopicLine, "recent">)[]; readonly known: number }>;
  history(wanted: HistoryRead): Promise<Result<TopicHistory>>;
  /** What is kept from now on: of new events by the record rules, of all by the retention. */
  keep(keeping: Keeping): void;
  /** A pinned event is never removed. Refuses EVENT_NOT_FOUND, STORE_…; durable when it resolves. */
  pin(id: string, pinned: boolean): Promise<Result<void>>;
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

/** What a protocol's adapter may ask of the hub. */
export interface GatewayHub {
  /** Stores and publishes an event. `done` runs once: after the commit, or with the refusal the peer must be told. */
  ingest(event: NewEvent, done: (outcome: AppendOutcome) => void): void;
  /** The source of that name; an unknown one is made when that is allowed. */
  source(name: string): Result<LiveSource>;
  /**
   * Somebody who wants events: `deliver` is called after the commit, in order of seq, once for each accepted event that
   * matches any of the subscriber's filters, with the values of all that match; `matched` is valid during the call only.
   * Who needs no seq may take unanswered events while they are being stored: they go to `ahead` and not to `deliver`,
   * and never before an event that came earlier.
   */
  createSubscriber<S>(
    deliver: (event: HubEvent, matched: readonly S[]) => void,
    ahead?: (event: NewEvent, matched: readonly S[]) => void,
  ): Subscriber<S>;
  /** The retained event of every topic that matches the valid filter; null now and then: a moment to let others work. */
  retained(filter: string): Generator<HubEvent | null>;
  /** Will an event on the topic be found in the log again, as long as retention leaves it there? */
  isRecorded(topic: string): boolean;
  /** From the log, events that subscribers were told of already. */
  read(wanted: LogRead): Promise<Result<LogSlice>>;
  /** The newest seq that subscribers were told of. */
  lastSeq(): number;
  readonly counters: HubCounters;
  /** Where gateways say who is connected, and whose session is kept. */
  readonly sessions: SessionRegistry;
}

/** What a gateway says of a peer when it is asked. */
export interface PeerDescription {
  readonly name: string;
  readonly protocol: Protocol;
  readonly version: string | null;
  readonly remoteAddress: string;
  readonly key: string | null;
  readonly queuedEvents: number;
  readonly queuedBytes: number;
  readonly subscriptions: Iterable<string>;
  readonly subscriptionCount: number;
  readonly will: SessionWill | null;
}

export interface RegisteredPeer {
  /** Since when it is away, epoch ms; left out for a peer that is connected. */
  readonly awaySince?: number;
  describe(): PeerDescription;
  /** Somebody wants it gone: a connected one cut off, one that is away forgotten. */
  disconnect(why: Refusal): void;
}

/** Where a gateway tells what goes through a session. */
export interface SessionEntry {
  /** The peer's event is in the log. */
  noteReceived(event: HubEvent): void;
  /** Who watches the session is told of events that have their seq. */
  noteSent(event: NewEvent): void;
  /** The peer is gone; with the reason in a few words for a person, where one is known. */
  close(reason?: string): void;
}

/** Somebody who asked to be let in. */
export interface Stranger {
  /** What it calls itself; its address when it does not say. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly version: string | null;
  readonly remoteAddress: string;
}

export interface SessionRegistry {
  add(peer: RegisteredPeer): SessionEntry;
  /** Somebody was turned away. */
  noteRefused(stranger: Stranger, refusal: Refusal): void;
}

/** What is kept of a key, but for its hash. */
type StoredKey = Omit<KeyInfo, "lastUsedAt">;

/** The keys of devices and clients, as the inspector sees them. */
export interface KeyDirectory {
  list(): readonly StoredKey[];
  /** Refuses PARAMS_INVALID, KEY_EXISTS. */
  add(key: Omit<StoredKey, "createdAt" | "enabled">): Promise<Result<{ readonly key: StoredKey; readonly secret: string }>>;
  /** Refuses KEY_NOT_FOUND. */
  enable(name: string, enabled: boolean): Result<StoredKey>;
  /** Refuses KEY_NOT_FOUND. */
  revoke(name: string): Result<void>;
  /** When it last let somebody in since the hub started, epoch ms; null: not yet. */
  lastUsedAt(name: string): number | null;
}

export interface Subscriber<S> {
  /** Answers how to take the subscription away again. Refuses TOPIC_INVALID. */
  subscribe(filter: string, value: S): Result<() => void>;
}

/**
 * Small durable state beside the log: rows by key. What is put in one turn of the loop is committed together, and with
 * the events appended in that turn. Held in memory by whoever put it; read once at the start.
 */
export interface StateStore {
  /** Every row whose key starts with the prefix, in order of key. */
  all(prefix: string): Iterable<readonly [key: string, value: Uint8Array]>;
  /** Writes a row, or takes it away with null, soon; a later put to the same key may replace it before it is written. */
  put(key: string, value: Uint8Array | null): void;
  /** `done` runs once: when everything put so far is on disk, or with the reason why it is not. */
  flush(done: (refusal: Refusal | null) => void): void;
}

/** An outbound webhook target as it is kept; `settings` is its owner's own JSON. */
export interface StoredEndpoint {
  readonly id: number;
  readonly name: string;
  readonly settings: string;
  /** Up to here in the log, all it is owed has a delivery. */
  readonly cursor: number;
}

export interface StoredDelivery {
  readonly id: number;
  readonly endpointId: number;
  readonly seq: number;
  readonly attempts: number;
  /** Attempts that failed, without those that were interrupted: its place in the schedule. */
  readonly failures: number;
  /** Deliveries of one lane go one after the other; null: it waits for no other. */
  readonly lane: string | null;
  readonly createdAt: number;
  readonly redeliveryOf: number | null;
}

/** One that is not finished: `delayMs` after `changedAt` its next attempt is due, or, while `sending`, one was under way. */
export interface UnfinishedDelivery extends StoredDelivery {
  readonly state: "waiting" | "sending";
  readonly changedAt: number;
  readonly delayMs: number;
}

export type AttemptEnd = Omit<AttemptInfo, "attempt" | "startedAt" | "base64"> & { readonly body: Uint8Array };

/** One step of the outbox's bookkeeping. */
export type DeliveryWrite =
  | { readonly t: "endpoint"; readonly endpoint: StoredEndpoint }
  /** With all its deliveries. */
  | { readonly t: "forget"; readonly endpointId: number }
  | { readonly t: "cursor"; readonly endpointId: number; readonly cursor: number }
  | { readonly t: "add"; readonly delivery: StoredDelivery }
  | { readonly t: "begin"; readonly id: number; readonly attempt: number; readonly at: number }
  | {
      readonly t: "end";
      readonly id: number;
      readonly attempt: number;
      readonly at: number;
      readonly state: Exclude<DeliveryState, "sending">;
      readonly failures: number;
      readonly delayMs: number;
      readonly outcome: AttemptEnd;
    };

/** The outbox, in the log's own file. */
export interface DeliveryStore {
  /** As they were when the log was opened. */
  readonly endpoints: readonly StoredEndpoint[];
  /** By id. */
  readonly unfinished: readonly UnfinishedDelivery[];
  /** Ids above it have never been given. */
  readonly lastId: number;
  readonly lastEndpointId: number;
  /** All of them in one commit, in order and after those of earlier calls; null once it is durable. */
  write(writes: readonly DeliveryWrite[]): Promise<Refusal | null>;
  list(query: DeliveryQuery): Promise<Result<DeliveryPage>>;
  /** Refuses DELIVERY_NOT_FOUND. */
  get(id: string): Promise<Result<DeliveryDetail>>;
  /** Finished deliveries that pass, oldest first, of which no later one exists for the same endpoint and event; one more than `limit` when there are more. */
  repeatable(filter: DeliveryFilter, limit: number): Promise<Result<readonly StoredDelivery[]>>;
}

/** Plain numbers that only grow, except where said; who wants to show them reads them. */
export interface HubCounters {
  /** Events in the log since the start, by protocol and what became of them. */
  readonly events: Readonly<Record<Protocol, Record<EventState, number>>>;
  /** Refusals told to peers, whether or not an event was kept of them; counted by the face that tells. */
  readonly refused: Partial<Record<ErrorCode, number>>;
  /** Body bytes of the events in the log since the start. */
  bodyBytes: number;
  /** Ingress connections open now, and body bytes being received now: these go up and down. */
  connections: number;
  receivingBytes: number;
  /** Time from having an event whole to its commit. */
  readonly ack: LatencyHistogram;
}

/** `counts[i]` events took at most `boundsMs[i]`, not counting those of smaller bounds; the last count has no bound. */
export interface LatencyHistogram {
  readonly boundsMs: readonly number[];
  readonly counts: number[];
  sumMs: number;
  count: number;
}
