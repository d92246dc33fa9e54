import type { Refusal } from "../../contract/errors.ts";
import type { HubEvent, NewEvent, Subscriber } from "../../hub/ports.ts";
import type { QueueContext } from "./session-queue.ts";
import type { SessionRows } from "./session-rows.ts";
import type { Subscription } from "./wire/parse-subscribe.ts";
import type { Qos } from "./wire/packet-type.ts";

/** What a session asks of the connection it is attached to. */
export interface SessionLink {
  /** QoS 1 and 2 events the peer takes at once (§3.1.2.11.3). */
  readonly receiveMaximum: number;
  /** False when the event cannot be sent to this peer at all: it is larger than the peer takes [MQTT-3.1.2-24]. */
  sendEvent(event: NewEvent, qos: Qos, retain: boolean, dup: boolean, packetId: number, ids: readonly number[] | null): boolean;
  /** PUBREL, and PUBREC. */
  sendRelease(packetId: number): void;
  sendReceived(packetId: number): void;
  /** So much waits to be written that no more is to be sent for now. */
  readonly congested: boolean;
}

/** What was found again in the log: the accepted events of a stretch of it, in order. */
export interface FoundAgain {
  readonly events: readonly HubEvent[];
  /** Everything up to here has been looked at: what is not among the events is gone. */
  readonly upTo: number;
}

/** What sessions share. */
export interface SessionContext extends QueueContext {
  readonly rows: SessionRows;
  readonly maxInflightOut: number;
  /** Bytes of events that are sent and not acknowledged: above, no more are. */
  readonly maxInflightOutBytes: number;
  now(): number;
  after(ms: number, run: () => void): void;
  createSubscriber(deliver: (event: HubEvent | NewEvent, matched: readonly Subscription[]) => void): Subscriber<Subscription>;
  /** Writes subscriptions of a session that is kept from now on. */
  keepSubscriptions(clientId: string, subscriptions: readonly Subscription[]): void;
  /** Who published it, when that matters to anybody (No Local). */
  publisherOf(event: NewEvent): string | null;
  /** Reads events from the log again, both seqs included, the first of them surely; null when the log cannot be read now. */
  load(first: number, last: number): Promise<FoundAgain | null>;
  onDropped(clientId: string): void;
  /** A row could not be made durable: what depends on it is not sent. */
  onRefused(clientId: string, refusal: Refusal): void;
}
