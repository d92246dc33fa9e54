import type { Socket } from "node:net";
import type { Peer } from "../../access/permissions.ts";
import { accept, refuse, type Refusal, type Result } from "../../contract/errors.ts";
import type { HubEvent, NewEvent } from "../../hub/ports.ts";
import { parseCloudEvent } from "../cloud-event.ts";
import { BINARY } from "../event-json.ts";
import { checkPublish } from "../follow-query.ts";
import { LogFeed } from "../log-feed.ts";
import { toNewEvent } from "../new-event.ts";
import type { PeerSocket } from "./peer-socket.ts";
import { WebSocketSession, type SessionHost } from "./session.ts";

/** What a peer is on that has no frames for anything but events. */
export interface TopicOptions {
  /** What it is given. */
  readonly filters: readonly string[];
  readonly after: number | null;
  /** Where its frames are published; null: each CloudEvent says so itself. */
  readonly topic: string | null;
  readonly retain: boolean;
  /** Each frame is a CloudEvent in JSON, instead of the bare payload. */
  readonly cloudEvents: boolean;
}

/** A peer each of whose frames is a publication, and to whom each event is a frame, its own as well. */
export class TopicSession extends WebSocketSession {
  readonly #options: TopicOptions;
  readonly #feed: LogFeed | null;

  constructor(host: SessionHost, peer: Peer, socket: PeerSocket, transport: Socket, options: TopicOptions) {
    super(host, peer, socket, transport);
    this.#options = options;
    const { filters, after } = options;
    const encode = options.cloudEvents ? host.frames.cloudEvent : host.frames.plain;
    const take = (event: HubEvent): void => {
      this.entry.noteSent(event);
      this.outbox.push(encode(event));
    };
    const hasRoom = (): boolean => this.outbox.hasRoom();
    const onFault = (refusal: Refusal): void => this.#end(refusal);
    this.#feed = filters.length === 0 ? null : new LogFeed({ hub: host.hub, filters, after, take, hasRoom, onFault });
  }

  start(): void {
    this.#feed?.start();
  }

  onMessage(data: Buffer, isBinary: boolean): void {
    const event = this.#options.cloudEvents ? this.#fromCloudEvent(data) : this.#fromPayload(data, isBinary);
    if (!event.ok) return this.#end(event.refusal);
    const allowed = checkPublish(event.value.topic, this.peer);
    if (!allowed.ok) return this.#end(allowed.refusal);
    this.publish(event.value, (outcome) => {
      if (!outcome.ok) this.#end(outcome.refusal);
    });
  }

  protected onRoom(): void {
    this.#feed?.wake();
  }

  protected get version(): string {
    return this.#options.cloudEvents ? "cloudevents.json" : "plain";
  }

  protected subscriptions(): readonly string[] {
    return this.#options.filters;
  }

  protected end(): void {
    this.#feed?.close();
  }

  /** This peer has no words for an error but the end. */
  #end({ code, message }: Refusal): void {
    this.close(code, message);
  }

  #fromPayload(body: Buffer, isBinary: boolean): Result<NewEvent> {
    return accept(this.#toEvent(this.#options.topic ?? "", isBinary ? BINARY : null, body));
  }

  #fromCloudEvent(data: Buffer): Result<NewEvent> {
    const parsed = parseCloudEvent(data.toString("utf8"));
    if (!parsed.ok) return parsed;
    const { attributes, contentType, body } = parsed.value;
    const { maxBodyBytes } = this.host.config;
    if (body.length > maxBodyBytes)
      return refuse("BODY_TOO_LARGE", `The data has ${body.length} bytes; at most ${maxBodyBytes} are taken.`, { limit: maxBodyBytes });
    const said = new Map(attributes);
    const topic = this.#options.topic ?? said.get("topic") ?? said.get("subject");
    if (topic === undefined)
      return refuse("PARAMS_INVALID", 'The event names no topic: give it a "subject", or connect to /ws/topic/<topic>.');
    return accept({ ...this.#toEvent(topic, contentType, body), attributes });
  }

  #toEvent(topic: string, contentType: string | null, body: Buffer): NewEvent {
    const receivedAt = this.host.clock.now();
    return toNewEvent({ receivedAt, protocol: "websocket", topic, contentType, body, retained: this.#options.retain });
  }
}
