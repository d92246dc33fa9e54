import type { ErrorCode } from "./errors.ts";
import type { EventSummary, Protocol } from "./event.ts";

/** Events in one direction of a session. */
export interface SessionFlow {
  readonly count: number;
  /** Over the last seconds. */
  readonly perSecond: number;
}

/** What an MQTT client has left to be published when it goes without saying goodbye (MQTT 5 §3.1.2.5). */
export interface SessionWill {
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly sizeBytes: number;
}

/** A peer that is connected now, over whatever protocol; or one that is away and whose session is kept (MQTT). */
export interface SessionInfo {
  /** Unique in this run of the hub; a peer that comes again gets another. */
  readonly id: string;
  /** What the peer calls itself (MQTT's client id), or else what it is known by here. */
  readonly name: string;
  readonly protocol: Protocol;
  /** The protocol's version or subprotocol; null where there is only one. */
  readonly version: string | null;
  /** False for a session that waits for its peer: what is owed to it is queued, and `sessions.disconnect` ends it for good. */
  readonly connected: boolean;
  /** Empty when it is not known, as of a peer that has been away since before the hub started. */
  readonly remoteAddress: string;
  /** The name of the key it used; null for somebody without one. */
  readonly key: string | null;
  /** Epoch ms; for one that is away: since when. */
  readonly connectedAt: number;
  /** Events from the peer, and to it. */
  readonly received: SessionFlow;
  readonly sent: SessionFlow;
  /** What waits to be sent to it: events where they are counted, otherwise 0, and bytes. */
  readonly queuedEvents: number;
  readonly queuedBytes: number;
  /** Topic filters, at most MAX_SESSION_TOPICS of them; `subscriptionCount` says how many there are. */
  readonly subscriptions: readonly string[];
  readonly subscriptionCount: number;
  /** Topics it published to lately, the newest first. */
  readonly topics: readonly string[];
  readonly will: SessionWill | null;
}

export interface SessionList {
  /** Those that are connected, then those that are away, each the newest first; at most as many as asked for. */
  readonly sessions: readonly SessionInfo[];
  /** How many there are. */
  readonly total: number;
}

/** What the sessions feed says: everything at first, in parts, and from then on what is new or other than it was. */
export interface SessionChanges {
  readonly changed: readonly SessionInfo[];
  /** Ids of those that are no more. */
  readonly gone: readonly string[];
  /** How many there are: more than have been told of while the first parts are on their way. */
  readonly total: number;
}

/** An event that a peer published, or that was sent to it. */
export interface SessionTraffic {
  readonly direction: "in" | "out";
  readonly event: EventSummary;
}

export const SESSION_EVENT_KINDS = ["connected", "disconnected", "refused"] as const;
export type SessionEventKind = (typeof SESSION_EVENT_KINDS)[number];

/** Somebody came, went or was turned away. These are no events of the log: the newest MAX_SESSION_EVENTS since the hub's start are known. */
export interface SessionEvent {
  /** Grows with each; unique in this run of the hub. One that is told again under its number has a larger `count`. */
  readonly number: number;
  readonly kind: SessionEventKind;
  /** Epoch ms; of several, the first. */
  readonly at: number;
  /** The newest seq in the log at that moment. */
  readonly afterSeq: number;
  /** Null for somebody who was turned away. */
  readonly session: string | null;
  readonly name: string;
  readonly protocol: Protocol;
  readonly version: string | null;
  readonly remoteAddress: string;
  readonly key: string | null;
  /** Why it was turned away. */
  readonly code: ErrorCode | null;
  /** Why it went or was turned away, as a sentence or a few words; null when nothing is known. */
  readonly reason: string | null;
  /** How many of the same kind, one soon after the other, this stands for. */
  readonly count: number;
}

export const MAX_SESSION_EVENTS = 500;
export const MAX_SESSION_TOPICS = 100;
export const MAX_SESSIONS = 1000;
