import { accept, refuse, type Refusal, type Result } from "../../contract/errors.ts";
import { topicFault } from "../../contract/topic.ts";
import type { HubEvent } from "../../hub/ports.ts";
import { BINARY } from "../event-json.ts";
import { checkFilter, checkPublish } from "../follow-query.ts";
import { LogFeed } from "../log-feed.ts";
import { toNewEvent } from "../new-event.ts";
import { encodeFrame, TEXT } from "./frame.ts";
import { parseClientFrame, type ClientFrame, type RequestId } from "./inbound.ts";
import { toAckFrame, toErrorFrame, toEventText, toMarkedText, toReplyFrame } from "./outbound.ts";
import { WebSocketSession } from "./session.ts";

type Frame<T extends ClientFrame["t"]> = Extract<ClientFrame, { t: T }>;

interface Subscription {
  readonly id: RequestId | null;
  readonly feed: LogFeed;
}

/** A peer that speaks `signalbox.v1`. */
export class JsonSession extends WebSocketSession {
  /** By filter; made with the first one, so that a peer that only publishes costs less. */
  #subscriptions: Map<string, Subscription> | null = null;
  /** A publication whose payload is the next frame. */
  #expects: Frame<"publish"> | null = null;
  /** The newest event that was given as it came: several filters may match it. */
  #newestSeq = 0;

  start(): void {
    // It speaks first.
  }

  onMessage(data: Buffer, isBinary: boolean): void {
    const expected = this.#expects;
    if (expected !== null) {
      this.#expects = null;
      return this.#publish(expected, data, expected.contentType ?? (isBinary ? BINARY : null));
    }
    if (isBinary) return this.#refuse(null, refuse("FRAME_INVALID", 'A binary frame follows a publication with "encoding":"frame".'));
    const parsed = parseClientFrame(data.toString("utf8"));
    if (!parsed.ok) return this.#refuse(parsed.id, parsed);
    const { frame } = parsed;
    switch (frame.t) {
      case "subscribe":
        return this.#subscribe(frame);
      case "unsubscribe":
        return this.#unsubscribe(frame);
      case "publish":
        if (frame.body === null) this.#expects = frame;
        else this.#publish(frame, frame.body, frame.contentType);
        return;
      case "ping":
        return this.outbox.push(toReplyFrame(frame.id === null ? { t: "pong" } : { t: "pong", id: frame.id }));
    }
  }

  protected onRoom(): void {
    for (const { feed } of this.#subscriptions?.values() ?? []) feed.wake();
  }

  protected get version(): string {
    return "signalbox.v1";
  }

  protected subscriptions(): readonly string[] {
    return [...(this.#subscriptions?.keys() ?? [])];
  }

  protected end(): void {
    for (const { feed } of this.#subscriptions?.values() ?? []) feed.close();
    this.#subscriptions = null;
  }

  #subscribe({ id, filter, after, binaryFrames, mark }: Frame<"subscribe">): void {
    const allowed = this.#checkSubscribe(filter);
    if (!allowed.ok) return this.#refuse(id, allowed);
    // A filter subscribed to again takes the place of the first, as in MQTT (5 §3.8.4).
    this.#subscriptions?.get(filter)?.feed.close();
    const encode = binaryFrames ? this.host.frames.jsonAndBinary : this.host.frames.json;
    let replayed = false;
    const feed = new LogFeed({
      hub: this.host.hub,
      filters: [filter],
      after,
      take: (event, retained) => {
        this.entry.noteSent(event);
        if (!replayed && mark) this.outbox.push(encodeFrame(TEXT, toMarkedText(event, retained, id)));
        else if (retained) this.outbox.push(encodeFrame(TEXT, toEventText(event, true)));
        else if (!replayed) this.outbox.push(encode(event));
        else this.#takeLive(event, encode);
      },
      hasRoom: () => this.outbox.hasRoom(),
      onLive: () => {
        replayed = true;
        if (mark) this.outbox.push(toReplyFrame({ t: "live", id }));
      },
      onFault: (refusal) => this.#refuse(id, { refusal }),
    });
    this.#subscriptions ??= new Map();
    this.#subscriptions.set(filter, { id, feed });
    this.outbox.push(toReplyFrame({ t: "subscribed", ...(id === null ? {} : { id }), seq: feed.startSeq }));
    feed.start();
  }

  #takeLive(event: HubEvent, encode: (event: HubEvent) => Buffer): void {
    if (event.seq <= this.#newestSeq) return; // another filter matched it as well
    this.#newestSeq = event.seq;
    this.outbox.push(encode(event));
  }

  #checkSubscribe(filter: string): Result<void> {
    const allowed = checkFilter(filter, this.peer);
    if (!allowed.ok) return allowed;
    const limit = this.host.config.maxSubscriptions;
    const subscriptions = this.#subscriptions;
    if (subscriptions === null || subscriptions.size < limit || subscriptions.has(filter)) return accept(undefined);
    return refuse("SUBSCRIPTION_LIMIT", `A connection has at most ${limit} subscriptions. Use wider filters, or another connection.`, {
      limit,
    });
  }

  #unsubscribe({ id, filter }: Frame<"unsubscribe">): void {
    const subscriptions = this.#subscriptions ?? new Map<string, Subscription>();
    const found = filter ?? [...subscriptions].find(([, one]) => one.id === id)?.[0];
    const subscription = found === undefined ? undefined : subscriptions.get(found);
    if (found === undefined || !subscription)
      return this.#refuse(id, refuse("SUBSCRIPTION_NOT_FOUND", "There is no such subscription on this connection."));
    subscription.feed.close();
    subscriptions.delete(found);
    this.outbox.push(toReplyFrame(id === null ? { t: "unsubscribed", filter: found } : { t: "unsubscribed", id }));
  }

  #publish({ id, topic, ack, retained }: Frame<"publish">, body: Buffer, contentType: string | null): void {
    const { maxBodyBytes } = this.host.config;
    const fault = topicFault(topic);
    if (fault !== null) return this.#refuse(id, refuse("TOPIC_INVALID", `Nothing can be published there: ${fault}.`));
    const allowed = checkPublish(topic, this.peer);
    if (!allowed.ok) return this.#refuse(id, allowed);
    if (body.length > maxBodyBytes)
      return this.#refuse(id, refuse("BODY_TOO_LARGE", `The payload has ${body.length} bytes; at most ${maxBodyBytes} are taken.`));
    const event = toNewEvent({ receivedAt: this.host.clock.now(), protocol: "websocket", topic, contentType, body, retained });
    this.publish(event, (outcome) => {
      if (!outcome.ok) this.#refuse(id, outcome);
      else if (ack) this.outbox.push(toAckFrame(id, outcome.event.seq));
    });
  }

  #refuse(id: RequestId | null, { refusal }: { readonly refusal: Refusal }): void {
    if (!this.isOpen) return;
    this.outbox.push(toErrorFrame(id, refusal));
    this.isTooMuch(refusal);
  }
}
