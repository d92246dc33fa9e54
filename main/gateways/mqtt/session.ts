import type { HubEvent, NewEvent, Subscriber } from "../../hub/ports.ts";
import { expiresAt } from "./outbound.ts";
import type { OwedEvent } from "./owed-event.ts";
import { OwedLoader } from "./owed-loader.ts";
import { RetainedReplay } from "./retained-replay.ts";
import type { SessionContext, SessionLink } from "./session-context.ts";
import { SessionQueue } from "./session-queue.ts";
import type { OutgoingRow, SessionPeer } from "./session-rows.ts";
import type { Subscription } from "./wire/parse-subscribe.ts";
import type { Qos } from "./wire/packet-type.ts";

export const NEVER_EXPIRES = 0xffffffff;

interface Live {
  readonly subscription: Subscription;
  readonly remove: () => void;
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
  peer: SessionPeer = { key: null, version: "", remoteAddress: "" };
  readonly #context: SessionContext;
  readonly #subscriber: Subscriber<Subscription>;
  /** By packet identifier, in the order sent. */
  readonly #inflight = new Map<number, OwedEvent>();
  #inflightBytes = 0;
  /** What this connection must be sent again, in the order sent; nothing new goes out before it [MQTT-4.6.0-1]. */
  #again: OwedEvent[] = [];
  readonly #queue: SessionQueue;
  /** Null until there is anything of the kind. */
  #retained: RetainedReplay | null = null;
  #nextPacketId = 1;
  #nextOrder = 1;
  /** Null until something has to be read. */
  #loader: OwedLoader | null = null;
  #pumping = false;

  constructor(clientId: string, context: SessionContext) {
    this.clientId = clientId;
    this.#context = context;
    this.#queue = new SessionQueue(context);
    this.#subscriber = context.createSubscriber((event, matched) => this.#deliver(event, matched));
  }

  get durable(): boolean {
    return this.expirySeconds > 0;
  }

  get queued(): number {
    return this.#queue.length;
  }

  get queuedBytes(): number {
    return this.#queue.bytes;
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
    this.#retained?.remove(filter);
    return this.subscriptions.delete(filter);
  }

  /** Sends again what the peer has not acknowledged, in the order it was sent first [MQTT-4.4.0-1], then what waits. */
  attach(link: SessionLink): void {
    this.link = link;
    this.expiresAt = null;
    this.#again = [...this.#inflight.values()];
    this.#pump();
  }

  /** The connection is gone; what is owed waits for the next one. */
  detach(): void {
    this.link = null;
    for (const owed of this.#inflight.values()) this.#leaveToLog(owed);
    this.#queue.leaveToLog();
  }

  /** Sends retained events to a new subscription, as fast as the peer takes them. */
  sendRetained(events: Iterator<HubEvent | null>, subscription: Subscription): void {
    this.#retained ??= new RetainedReplay({
      send: (event, { qos, id }) => this.#owe(event, Math.min(event.qos ?? 2, qos) as Qos, true, id === null ? null : [id]),
      // Half the queue is left to what comes meanwhile.
      hasRoom: () => this.link !== null && !this.link.congested && this.#queue.length < this.#context.maxQueuedEvents / 2,
    });
    this.#retained.add(subscription, events);
    this.#giveRetained();
  }

  /** The connection takes more again. */
  drained(): void {
    if (this.#hasMore) this.#pump();
  }

  /** Gives an event to this member of a shared subscription; false when it cannot take it now. */
  deliverShared(event: HubEvent | NewEvent, subscription: Subscription): boolean {
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
      this.#context.memory.release(outgoing);
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
  restoreOutgoing(order: number, row: OutgoingRow): void {
    const outgoing: OwedEvent = { ...row, order, event: null, bytes: 0 };
    this.#nextOrder = Math.max(this.#nextOrder, order + 1);
    if (row.state === "queued") this.#queue.restore(outgoing);
    else this.#inflight.set(row.packetId, outgoing);
  }

  /** How long the session outlives its connection, from now on; what is written of it goes or comes with that. */
  keepFor(seconds: number): void {
    const { rows } = this.#context;
    const wasDurable = this.durable;
    this.expirySeconds = seconds;
    if (wasDurable === this.durable) return;
    for (const owed of [...this.#inflight.values(), ...this.#queue.from(0)]) {
      if (wasDurable) rows.dropOutgoing(this.clientId, owed.order);
      else this.#saveRow(owed);
    }
    for (const packetId of this.incoming.keys()) {
      if (wasDurable) rows.dropIncoming(this.clientId, packetId);
      else rows.saveIncoming(this.clientId, packetId);
    }
    if (wasDurable) rows.dropSession(this.clientId);
    else
      this.#context.keepSubscriptions(
        this.clientId,
        [...this.subscriptions.values()].map(({ subscription }) => subscription),
      );
  }

  /** Ends the session: nothing of it remains. */
  end(): void {
    for (const { remove } of this.subscriptions.values()) remove();
    this.subscriptions.clear();
    this.keepFor(0);
    for (const owed of this.#inflight.values()) this.#context.memory.release(owed);
    this.#inflight.clear();
    this.#inflightBytes = 0;
    this.#again = [];
    this.#queue.clear();
    this.#retained = null;
    this.incoming.clear();
    this.link = null;
  }

  /** One copy, at the highest QoS of the subscriptions that match, with all their identifiers [MQTT-3.3.4-2] [MQTT-3.3.4-3]. */
  #deliver(event: HubEvent | NewEvent, matched: readonly Subscription[]): void {
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

  #owe(event: HubEvent | NewEvent, qos: Qos, retain: boolean, ids: readonly number[] | null): void {
    if (qos === 0) {
      this.link?.sendEvent(event, 0, retain, false, 0, ids);
      return;
    }
    if (!("seq" in event)) throw new Error("an event that is not in the log yet is owed to nobody");
    if (this.link === null && !this.durable) return;
    const order = this.#nextOrder;
    const outgoing: OwedEvent = { order, seq: event.seq, event: null, bytes: 0, qos, retain, ids, packetId: 0, state: "queued" };
    if (this.link !== null && this.#queue.length === 0 && this.#hasWindow()) {
      this.#nextOrder += 1;
      this.#context.memory.hold(outgoing, event);
      this.#transmit(outgoing);
    } else if (this.#queue.push(outgoing, event, this.link !== null)) {
      this.#nextOrder += 1;
      this.#saveRow(outgoing);
    } else this.#context.onDropped(this.clientId);
  }

  #giveRetained(): void {
    this.#retained?.give();
    if (this.#retained?.isDone === true) this.#retained = null;
  }

  get #hasMore(): boolean {
    return this.#queue.length > 0 || this.#retained !== null;
  }

  /** May one more event be sent? */
  #hasWindow(): boolean {
    if (this.link === null || this.link.congested || this.#again.length > 0) return false;
    const { maxInflightOut, maxInflightOutBytes } = this.#context;
    return this.#inflight.size < Math.min(maxInflightOut, this.link.receiveMaximum) && this.#inflightBytes < maxInflightOutBytes;
  }

  #pump(): void {
    if (this.#pumping) return; // What cannot be sent at all is finished at once, and comes back here.
    this.#pumping = true;
    this.#sendAgain();
    let taken = 0;
    while (this.#hasWindow()) {
      const next = this.#queue.at(taken);
      if (next === undefined) break;
      if (next.event === null) {
        this.#load(this.#queue.from(taken));
        break;
      }
      taken += 1;
      if (expiresAt(next.event) <= this.#context.now()) this.#forget(next); // [MQTT-3.3.2-5]
      else this.#transmit(next);
    }
    if (taken > 0) this.#queue.take(taken);
    this.#pumping = false;
    this.#giveRetained();
  }

  /** Goes on with what is to be sent again, until an event must be read first. */
  #sendAgain(): void {
    while (this.link !== null && this.#again.length > 0) {
      const next = this.#again[0]!;
      if (this.#inflight.get(next.packetId) === next) {
        if (next.state === "released") this.link.sendRelease(next.packetId);
        else if (next.event === null) {
          this.#load(this.#again);
          return;
        } else this.#send(next, true);
      }
      this.#again.shift();
    }
  }

  /** Reads what the peer is to be sent next and is in the log alone: the first of `owed`, and those shortly after it. */
  #load(owed: readonly OwedEvent[]): void {
    this.#loader ??= new OwedLoader({
      context: this.#context,
      onLoaded: (one, event) => this.#onLoaded(one, event),
      onReady: () => this.#pump(),
    });
    this.#loader.load(owed);
  }

  #onLoaded(outgoing: OwedEvent, event: HubEvent | null): void {
    const isInflight = this.#inflight.get(outgoing.packetId) === outgoing;
    if (this.link === null || outgoing.state === "released" || (outgoing.state === "sent" && !isInflight)) return;
    if (event === null) {
      this.#context.onDropped(this.clientId);
      if (isInflight) this.#leave(outgoing);
      else this.#queue.remove(outgoing);
      this.#forget(outgoing);
    } else if (isInflight) {
      this.#inflightBytes -= outgoing.bytes;
      this.#context.memory.hold(outgoing, event);
      this.#inflightBytes += outgoing.bytes;
    } else this.#queue.hold(outgoing, event);
  }

  #transmit(outgoing: OwedEvent): void {
    outgoing.packetId = this.#takePacketId();
    outgoing.state = "sent";
    this.#inflight.set(outgoing.packetId, outgoing);
    this.#inflightBytes += outgoing.bytes;
    // At QoS 2 a crash must not send the event again under another identifier; at QoS 1 it may [MQTT-4.3.2-1].
    if (outgoing.qos === 2) this.#save(outgoing, () => this.#send(outgoing, false));
    else {
      this.#saveRow(outgoing);
      this.#send(outgoing, false);
    }
  }

  #send(outgoing: OwedEvent, again: boolean): void {
    const { event, qos, retain, packetId, ids } = outgoing;
    if (this.link === null || event === null) return;
    if (!this.link.sendEvent(event, qos, retain, again, packetId, ids)) this.#finish(outgoing);
    else if (!this.#context.memory.hasRoomFor(0)) this.#leaveToLog(outgoing);
  }

  #leaveToLog(outgoing: OwedEvent): void {
    if (outgoing.event !== null && this.#context.isRecorded(outgoing.event)) this.#context.memory.release(outgoing);
  }

  /** It is no longer in flight. */
  #leave(outgoing: OwedEvent): void {
    if (this.#inflight.delete(outgoing.packetId)) this.#inflightBytes -= outgoing.bytes;
  }

  #finish(outgoing: OwedEvent): void {
    this.#leave(outgoing);
    this.#forget(outgoing);
    if (this.link !== null && this.#hasMore) this.#pump();
  }

  #forget(outgoing: OwedEvent): void {
    this.#context.memory.release(outgoing);
    if (this.durable) this.#context.rows.dropOutgoing(this.clientId, outgoing.order);
  }

  #saveRow(outgoing: OwedEvent): void {
    if (!this.durable) return;
    const { seq, qos, retain, ids, packetId, state } = outgoing;
    this.#context.rows.saveOutgoing(this.clientId, outgoing.order, { seq, qos, retain, ids, packetId, state });
  }

  /** Runs `then` when the row is durable; at once for a session that is not kept. */
  #save(outgoing: OwedEvent, then: () => void): void {
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
