import type { Socket } from "socket.io";
import type { Peer } from "../../access/permissions.ts";
import { refuse, type Refusal } from "../../contract/errors.ts";
import type { GatewayHub, HubEvent, PeerDescription, RegisteredPeer, SessionEntry } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import { checkFilter, checkPublish } from "../follow-query.ts";
import { LogFeed } from "../log-feed.ts";
import type { SendingBudget, Waiting } from "../sending-budget.ts";
import { toNewEvent } from "../new-event.ts";
import type { SocketIoConfig } from "./config.ts";
import { parsePublish, parseSubscribe, splitArguments, type Arguments } from "./inbound.ts";
import { toEmittedEvent, toErrorReply } from "./outbound.ts";

export interface SocketIoHost {
  readonly hub: GatewayHub;
  readonly clock: Clock;
  readonly config: SocketIoConfig;
  readonly sending: SendingBudget;
  /** Something was emitted: what is remembered for recovery has grown. */
  emitted(bytes: number): void;
}

/** Kept by Socket.IO for a client that was cut off: its filters and how far each has come. */
export interface RecoveryData {
  subscriptions?: [filter: string, cursor: number][];
}

/** A client with fewer events waiting is given more from the log. */
const ROOM_EVENTS = 200;

/** One client. */
export class SocketIoSession implements RegisteredPeer, Waiting {
  readonly #host: SocketIoHost;
  readonly #socket: Socket;
  readonly #peer: Peer;
  readonly #entry: SessionEntry;
  readonly #feeds = new Map<string, LogFeed>();
  /** Filters whose feed has come to what is new. */
  readonly #live = new Set<string>();
  #newestSeq = 0;
  /** Publications on their way to the log. */
  #inFlight = 0;
  /** Since the transport last took all that waited. */
  #queuedBytes = 0;
  #queuedEvents = 0;

  constructor(host: SocketIoHost, socket: Socket, peer: Peer) {
    this.#host = host;
    this.#socket = socket;
    this.#peer = peer;
    this.#entry = host.hub.sessions.add(this);
    socket.on("subscribe", (...args: unknown[]) => this.#subscribe(splitArguments(args)));
    socket.on("unsubscribe", (...args: unknown[]) => this.#unsubscribe(splitArguments(args)));
    socket.on("publish", (...args: unknown[]) => this.#publish(splitArguments(args)));
    socket.conn.on("drain", () => this.#drained());
    socket.on("disconnecting", (reason) => this.#close(reason));
    const data = socket.data as RecoveryData;
    // It may have come back with another key.
    for (const [filter, cursor] of data.subscriptions ?? []) if (checkFilter(filter, peer).ok) this.#follow(filter, cursor);
  }

  get waitingBytes(): number {
    return this.#queuedBytes;
  }

  describe(): PeerDescription {
    const remoteAddress = this.#socket.handshake.address.replace(/^::ffff:/, "");
    return {
      name: this.#peer.key ?? this.#socket.id,
      protocol: "socket-io",
      version: this.#socket.conn.transport.name,
      remoteAddress,
      key: this.#peer.key,
      queuedEvents: this.#queuedEvents,
      queuedBytes: this.#queuedBytes,
      subscriptions: this.#feeds.keys(),
      subscriptionCount: this.#feeds.size,
      will: null,
    };
  }

  /** Who comes again with a key that is not good is told so then. */
  disconnect(): void {
    this.#socket.disconnect(true);
  }

  #subscribe({ values, answer }: Arguments): void {
    const parsed = parseSubscribe(values);
    if (!parsed.ok) return this.#refuse(parsed.refusal, answer);
    const { filter, after } = parsed.value;
    const allowed = checkFilter(filter, this.#peer);
    if (!allowed.ok) return this.#refuse(allowed.refusal, answer);
    const limit = this.#host.config.maxSubscriptions;
    if (this.#feeds.size >= limit && !this.#feeds.has(filter))
      return this.#refuse(refuse("SUBSCRIPTION_LIMIT", `A client has at most ${limit} subscriptions.`, { limit }).refusal, answer);
    this.#follow(filter, after, answer);
  }

  #follow(filter: string, after: number | null, answer: Arguments["answer"] = null): void {
    this.#feeds.get(filter)?.close();
    this.#live.delete(filter);
    const feed = new LogFeed({
      hub: this.#host.hub,
      filters: [filter],
      after,
      take: (event, retained) => this.#take(event, retained, filter),
      hasRoom: () => this.#queuedEvents < ROOM_EVENTS,
      onLive: () => this.#live.add(filter),
      onFault: (refusal) => this.#refuse(refusal, null),
    });
    this.#feeds.set(filter, feed);
    answer?.({ seq: feed.startSeq });
    feed.start();
  }

  #unsubscribe({ values: [filter], answer }: Arguments): void {
    const feed = typeof filter === "string" ? this.#feeds.get(filter) : undefined;
    if (!feed) return this.#refuse(refuse("SUBSCRIPTION_NOT_FOUND", "There is no such subscription.").refusal, answer);
    feed.close();
    this.#feeds.delete(filter as string);
    this.#live.delete(filter as string);
    answer?.({});
  }

  #publish({ values, answer }: Arguments): void {
    const parsed = parsePublish(values);
    if (!parsed.ok) return this.#refuse(parsed.refusal, answer);
    const { topic, contentType, body, retained } = parsed.value;
    const allowed = checkPublish(topic, this.#peer);
    if (!allowed.ok) return this.#refuse(allowed.refusal, answer);
    const { maxBodyBytes } = this.#host.config;
    if (body.length > maxBodyBytes) {
      const message = `The payload has ${body.length} bytes; at most ${maxBodyBytes} are taken.`;
      return this.#refuse(refuse("BODY_TOO_LARGE", message, { limit: maxBodyBytes }).refusal, answer);
    }
    // Socket.IO cannot be told to read more slowly.
    if (this.#inFlight >= this.#host.config.maxInFlight) {
      const message = `${this.#inFlight} of your publications wait to be stored already. Wait for their callbacks, then send this one again.`;
      return this.#refuse(refuse("HUB_BUSY", message).refusal, answer);
    }
    this.#inFlight += 1;
    const receivedAt = this.#host.clock.now();
    this.#host.hub.ingest(toNewEvent({ receivedAt, protocol: "socket-io", topic, contentType, body, retained }), (outcome) => {
      this.#inFlight -= 1;
      if (outcome.ok) this.#entry.noteReceived(outcome.event);
      if (outcome.ok) answer?.({ id: outcome.event.id, seq: outcome.event.seq });
      else this.#refuse(outcome.refusal, answer);
    });
  }

  #take(event: HubEvent, retained: boolean, filter: string): void {
    if (!retained && this.#live.has(filter)) {
      if (event.seq <= this.#newestSeq) return; // another filter matched it as well
      this.#newestSeq = event.seq;
    }
    const { maxQueuedBytes, maxQueuedEvents } = this.#host.config;
    const isSlow = this.#queuedEvents > 0 && !this.#host.sending.allows(this, event.body.length);
    if (isSlow || this.#queuedBytes > maxQueuedBytes || this.#queuedEvents > maxQueuedEvents) {
      const { refused } = this.#host.hub.counters;
      refused.SLOW_READER = (refused.SLOW_READER ?? 0) + 1;
      this.#socket.conn.close(true); // reads too slowly; it comes again, and finds what it missed in the log
      return;
    }
    this.#queuedBytes += event.body.length;
    this.#queuedEvents += 1;
    this.#entry.noteSent(event);
    this.#socket.emit("event", toEmittedEvent(event, retained));
    this.#host.emitted(event.body.length);
  }

  #drained(): void {
    this.#queuedBytes = 0;
    this.#queuedEvents = 0;
    for (const feed of this.#feeds.values()) feed.wake();
  }

  /** By the callback when there is one, otherwise as an event called `error`. */
  #refuse(refusal: Refusal, answer: Arguments["answer"]): void {
    const { refused } = this.#host.hub.counters;
    refused[refusal.code] = (refused[refusal.code] ?? 0) + 1;
    if (answer) answer(toErrorReply(refusal));
    else this.#socket.emit("error", toErrorReply(refusal).error);
  }

  #close(reason: string): void {
    (this.#socket.data as RecoveryData).subscriptions = [...this.#feeds].map(([filter, feed]) => [filter, feed.cursor]);
    for (const feed of this.#feeds.values()) feed.close();
    this.#host.sending.forget(this);
    this.#feeds.clear();
    this.#entry.close(REASONS[reason] ?? reason);
  }
}

/** Socket.IO's words for why a socket is gone. */
const REASONS: Readonly<Record<string, string>> = {
  "client namespace disconnect": "it said goodbye",
  "server namespace disconnect": "it was disconnected from the inspector, or its key was revoked",
  "transport close": "the connection ended",
  "transport error": "the connection was lost",
  "ping timeout": "it did not answer pings",
  "server shutting down": "the hub or its listener stopped",
};
