import type { HubEvent, Subscriber } from "../../hub/ports.ts";
import type { Refusal } from "../../contract/errors.ts";
import { expiresAt } from "./outbound.ts";
import type { OutgoingState, SessionRows } from "./session-rows.ts";
import type { Subscription } from "./wire/parse-subscribe.ts";
import type { Qos } from "./wire/packet-type.ts";

export const NEVER_EXPIRES = 0xffffffff;

/** What a session asks of the connection it is attached to. */
export interface SessionLink {
  /** QoS 1 and 2 events the peer takes at once (§3.1.2.11.3). */
  readonly receiveMaximum: number;
  /** False when the event cannot be sent to this peer at all: it is larger than the peer takes [MQTT-3.1.2-24]. */
  sendEvent(event: HubEvent, qos: Qos, retain: boolean, dup: boolean, packetId: number, ids: readonly number[] | null): boolean;
  /** PUBREL, and PUBREC. */
  sendRelease(packetId: number): void;
  sendReceived(packetId: number): void;
  /** So much waits to be written that no more is to be sent for now. */
  readonly congested: boolean;
}

/** An event owed to the peer. */
interface Outgoing {
  readonly order: number;
  readonly seq: number;
  /** Null after a restart until it is read from the log, and once it need not be sent again. */
  event: HubEvent | null;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly ids: readonly number[] | null;
  packetId: number;
  state: OutgoingState;
}

interface Live {
  readonly subscription: Subscription;
  readonly remove: () => void;
}

/** What sessions share. */
export interface SessionContext {
  readonly rows: SessionRows;
  readonly maxInflightOut: number;
  readonly maxQueuedEvents: number;
  readonly maxQueuedBytes: number;
  now(): number;
  createSubscriber(deliver: (event: HubEvent, matched: readonly Subscription[]) => void): Subscriber<Subscription>;
  /** Who published it, when that matters to anybody (No Local). */
  publisherOf(event: HubEvent): string | null;
  /** Reads an event from the log again; null when it is gone. */
  load(seq: number): Promise<HubEvent | null>;
  onDropped(clientId: string): void;
  /** A row could not be made durable: what depends on it is not sent. */
  onRefused(clientId: string, refusal: Refusal): void;
}

/** What the hub keeps of one peer (§4.1): its subscriptions and the events under way in both directions. */
export class Session {
  readonly clientId: string;
  readonly subscriptions = new Map<string, Live>();
  /** QoS 2 packet identifiers received: false until the event is durable, true until PUBREL. */
  readonly incoming = new Map<number, boolean>();
  /** 0: the session ends with its connection, and nothing of it is written. */
  expirySeconds = 0;
  expiresAt: number | null = null;
  link: SessionLink | null = null;
  readonly #context: SessionContext;
  readonly #subscriber: Subscriber<Subscription>;
  /** By packet identifier, in the order sent. */
  readonly #inflight = new Map<number, Outgoing>();
  /** What this connection must be sent again, in the order sent; nothing new goes out before it [MQTT-4.6.0-1]. */
  #again: Outgoing[] = [];
  #queue: Outgoing[] = [];
  #queueBytes = 0;
  #nextPacketId = 1;
  #nextOrder = 1;
  #loading = false;
  #pumping = false;

  constructor(clientId: string, context: SessionContext) {
    this.clientId = clientId;
    this.#context = context;
    this.#subscriber = context.createSubscriber((event, matched) => this.#deliver(event, matched));
  }

  get durable(): boolean {
    return this.expirySeconds > 0;
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** Answers whether the subscription is a new one. The filter is expected to be valid. */
  subscribe(subscription: Subscription): boolean {
    const before = this.subscriptions.get(subscription.filter);
    before?.remove();
    const added = this.#subscriber.subscribe(subscription.filter, subscription);
    if (added.ok) this.subscriptions.set(subscription.filter, { subscription, remove: added.value });
    return before === undefined;
  }

  /** Answers whether there was one. */
  unsubscribe(filter: string): boolean {
    this.subscriptions.get(filter)?.remove();
    return this.subscriptions.delete(filter);
  }

  /** Sends again what the peer has not acknowledged, in the order it was sent first [MQTT-4.4.0-1], then what waits. */
  attach(link: SessionLink): void {
    this.link = link;
    this.expiresAt = null;
    this.#again = [...this.#inflight.values()];
    this.#pump();
  }

  /** Sends an event of the retained kind to a new subscription. */
  sendRetained(event: HubEvent, subscription: Subscription): void {
    const qos = Math.min(event.qos ?? 2, subscription.qos) as Qos;
    this.#owe(event, qos, true, subscription.id === null ? null : [subscription.id]);
  }

  /** The connection takes more again. */
  drained(): void {
    if (this.#queue.length > 0) this.#pump();
  }

  /** Gives an event to this member of a shared subscription; false when it cannot take it now. */
  deliverShared(event: HubEvent, subscription: Subscription): boolean {
    if (this.link === null && !this.durable) return false;
    this.#deliver(event, [subscription]);
    return true;
  }

  /** Owes an event that was given out before the hub was started anew. */
  replay(event: HubEvent, matched: readonly Subscription[]): void {
    this.#deliver(event, matched);
  }

  /** PUBACK. False when the peer acknowledges something it was not sent so. */
  acknowledge(packetId: number): boolean {
    const outgoing = this.#inflight.get(packetId);
    if (outgoing?.qos === 2) return false;
    if (outgoing) this.#finish(outgoing);
    return true;
  }

  /** PUBREC. */
  receive(packetId: number, reason: number): boolean {
    const outgoing = this.#inflight.get(packetId);
    if (outgoing?.qos === 1) return false;
    if (reason >= 0x80) {
      if (outgoing) this.#finish(outgoing); // §4.3.3: the peer refuses it; there is no PUBREL
      return true;
    }
    if (outgoing && outgoing.state !== "released") {
      outgoing.state = "released";
      outgoing.event = null;
      // Were PUBREL sent first, a crash would send the event again under an identifier the peer has let go.
      this.#save(outgoing, () => this.link?.sendRelease(packetId));
    } else this.link?.sendRelease(packetId);
    return true;
  }

  /** PUBCOMP. */
  complete(packetId: number): boolean {
    const outgoing = this.#inflight.get(packetId);
    if (outgoing && outgoing.state !== "released") return false;
    if (outgoing) this.#finish(outgoing);
    return true;
  }

  /** Puts back what the rows say was owed before a restart. */
  restoreOutgoing(
    order: number,
    row: { seq: number; qos: Qos; retain: boolean; ids: readonly number[] | null; packetId: number; state: OutgoingState },
  ): void {
    const outgoing: Outgoing = { ...row, order, event: null };
    this.#nextOrder = Math.max(this.#nextOrder, order + 1);
    if (row.state === "queued") this.#queue.push(outgoing);
    else this.#inflight.set(row.packetId, outgoing);
  }

  /** Ends the session: nothing of it remains. */
  end(): void {
    for (const { remove } of this.subscriptions.values()) remove();
    this.subscriptions.clear();
    const { rows } = this.#context;
    if (this.durable) {
      for (const { order } of [...this.#inflight.values(), ...this.#queue]) rows.dropOutgoing(this.clientId, order);
      for (const packetId of this.incoming.keys()) rows.dropIncoming(this.clientId, packetId);
      rows.dropSession(this.clientId);
    }
    this.#inflight.clear();
    this.#again = [];
    this.#queue = [];
    this.incoming.clear();
    this.expirySeconds = 0;
  }

  /** One copy, at the highest QoS of the subscriptions that match, with all their identifiers [MQTT-3.3.4-2] [MQTT-3.3.4-3]. */
  #deliver(event: HubEvent, matched: readonly Subscription[]): void {
    let qos = -1;
    let retain = false;
    let ids: number[] | null = null;
    for (const subscription of matched) {
      if (subscription.noLocal && this.#context.publisherOf(event) === this.clientId) continue; // [MQTT-3.8.3-3]
      qos = Math.max(qos, Math.min(event.qos ?? 2, subscription.qos));
      if (subscription.retainAsPublished && event.retained) retain = true; // [MQTT-3.3.1-12] [MQTT-3.3.1-13]
      if (subscription.id !== null) (ids ??= []).push(subscription.id);
    }
    if (qos >= 0) this.#owe(event, qos as Qos, retain, ids);
  }

  #owe(event: HubEvent, qos: Qos, retain: boolean, ids: readonly number[] | null): void {
    if (qos === 0) {
      this.link?.sendEvent(event, 0, retain, false, 0, ids);
      return;
    }
    if (this.link === null && !this.durable) return;
    const outgoing: Outgoing = { order: this.#nextOrder, seq: event.seq, event, qos, retain, ids, packetId: 0, state: "queued" };
    if (this.link !== null && this.#queue.length === 0 && this.#inflight.size < this.#window()) {
      this.#nextOrder += 1;
      this.#transmit(outgoing);
      return;
    }
    const { maxQueuedEvents, maxQueuedBytes } = this.#context;
    if (this.#queue.length >= maxQueuedEvents || this.#queueBytes + event.body.length > maxQueuedBytes) {
      this.#context.onDropped(this.clientId);
      return;
    }
    this.#nextOrder += 1;
    this.#queue.push(outgoing);
    this.#queueBytes += event.body.length;
    this.#saveRow(outgoing);
  }

  #window(): number {
    if (this.#again.length > 0 || this.link?.congested) return 0;
    return Math.min(this.#context.maxInflightOut, this.link?.receiveMaximum ?? 0);
  }

  #pump(): void {
    if (this.#pumping) return; // What cannot be sent at all is finished at once, and comes back here.
    this.#pumping = true;
    this.#sendAgain();
    let taken = 0;
    const window = this.#window();
    while (taken < this.#queue.length && this.#inflight.size < window) {
      const next = this.#queue[taken]!;
      if (next.event === null) {
        this.#load(next);
        break;
      }
      taken += 1;
      this.#queueBytes -= next.event.body.length;
      if (expiresAt(next.event) <= this.#context.now()) this.#forget(next); // [MQTT-3.3.2-5]
      else this.#transmit(next);
    }
    if (taken > 0) this.#queue.splice(0, taken);
    this.#pumping = false;
  }

  /** Goes on with what is to be sent again, until an event must be read first. */
  #sendAgain(): void {
    while (this.link !== null && this.#again.length > 0) {
      const next = this.#again[0]!;
      if (this.#inflight.get(next.packetId) === next) {
        if (next.state === "released") this.link.sendRelease(next.packetId);
        else if (next.event === null) {
          this.#load(next);
          return;
        } else this.#send(next, true);
      }
      this.#again.shift();
    }
  }

  #load(outgoing: Outgoing): void {
    if (this.#loading) return;
    this.#loading = true;
    const loaded = (event: HubEvent | null): void => {
      this.#loading = false;
      if (event === null) {
        this.#queue = this.#queue.filter((other) => other !== outgoing);
        this.#inflight.delete(outgoing.packetId);
        this.#forget(outgoing);
      } else if (outgoing.state !== "released") {
        outgoing.event = event;
        if (outgoing.state === "queued") this.#queueBytes += event.body.length;
      }
      this.#pump();
    };
    this.#context.load(outgoing.seq).then(loaded, () => loaded(null));
  }

  #transmit(outgoing: Outgoing): void {
    outgoing.packetId = this.#takePacketId();
    outgoing.state = "sent";
    this.#inflight.set(outgoing.packetId, outgoing);
    // At QoS 2 a crash must not send the event again under another identifier; at QoS 1 it may [MQTT-4.3.2-1].
    if (outgoing.qos === 2) this.#save(outgoing, () => this.#send(outgoing, false));
    else {
      this.#saveRow(outgoing);
      this.#send(outgoing, false);
    }
  }

  #send(outgoing: Outgoing, again: boolean): void {
    const { event, qos, retain, packetId, ids } = outgoing;
    if (this.link === null || event === null) return;
    if (!this.link.sendEvent(event, qos, retain, again, packetId, ids)) this.#finish(outgoing);
  }

  #finish(outgoing: Outgoing): void {
    this.#inflight.delete(outgoing.packetId);
    this.#forget(outgoing);
    if (this.link !== null && this.#queue.length > 0) this.#pump();
  }

  #forget(outgoing: Outgoing): void {
    if (this.durable) this.#context.rows.dropOutgoing(this.clientId, outgoing.order);
  }

  #saveRow(outgoing: Outgoing): void {
    if (!this.durable) return;
    const { seq, qos, retain, ids, packetId, state } = outgoing;
    this.#context.rows.saveOutgoing(this.clientId, outgoing.order, { seq, qos, retain, ids, packetId, state });
  }

  /** Runs `then` when the row is durable; at once for a session that is not kept. */
  #save(outgoing: Outgoing, then: () => void): void {
    if (!this.durable) {
      then();
      return;
    }
    this.#saveRow(outgoing);
    this.#context.rows.flush((refusal) => {
      if (refusal) this.#context.onRefused(this.clientId, refusal);
      else then();
    });
  }

  #takePacketId(): number {
    let packetId = this.#nextPacketId;
    while (this.#inflight.has(packetId)) packetId = packetId === 65_535 ? 1 : packetId + 1;
    this.#nextPacketId = packetId === 65_535 ? 1 : packetId + 1;
    return packetId;
  }
}
