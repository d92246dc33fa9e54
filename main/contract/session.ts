import type { Protocol } from "./event.ts";

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

/** A peer that is connected now, over whatever protocol. */
export interface SessionInfo {
  /** Unique in this run of the hub; a peer that comes again gets another. */
  readonly id: string;
  /** What the peer calls itself (MQTT's client id), or else what it is known by here. */
  readonly name: string;
  readonly protocol: Protocol;
  /** The protocol's version or subprotocol; null where there is only one. */
  readonly version: string | null;
  readonly remoteAddress: string;
  /** The name of the key it used; null for somebody without one. */
  readonly key: string | null;
  /** Epoch ms. */
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
  /** The newest first, at most as many as asked for. */
  readonly sessions: readonly SessionInfo[];
  /** How many there are. */
  readonly total: number;
}

export const MAX_SESSION_TOPICS = 100;
export const MAX_SESSIONS = 1000;
