import type { Peer } from "../../access/permissions.ts";
import type { HubEvent, GatewayHub, PeerDescription, RegisteredPeer, SessionEntry } from "../../hub/ports.ts";
import type { HttpExchange } from "../http-listener.ts";
import { LogFeed } from "../log-feed.ts";
import { Outbox, type Flusher } from "../outbox.ts";
import type { SendingBudget } from "../sending-budget.ts";
import type { SseConfig } from "./config.ts";
import type { SseRequest } from "./inbound.ts";
import { HEARTBEAT, STREAM_HEADERS, toOpening, toPlace, toWrappedBlock } from "./outbound.ts";

export interface SseHost {
  readonly hub: GatewayHub;
  readonly config: SseConfig;
  readonly flusher: Flusher;
  readonly sending: SendingBudget;
  /** The block of an event; the same for all readers. */
  encode(event: HubEvent): Buffer;
  /** The same for those who asked for JSON; not for what is retained. */
  encodeWrapped(event: HubEvent): Buffer;
  /** The session has ended. */
  ended(session: SseSession): void;
}

/** One reader. */
export class SseSession implements RegisteredPeer {
  readonly #host: SseHost;
  readonly #exchange: HttpExchange;
  readonly #outbox: Outbox;
  readonly #feed: LogFeed;
  readonly #filters: readonly string[];
  readonly #wrap: boolean;
  readonly #key: string | null;
  readonly #entry: SessionEntry;
  #gaveRetained = false;
  #ended = false;

  constructor(host: SseHost, exchange: HttpExchange, request: SseRequest, peer: Peer, cors: readonly string[]) {
    this.#host = host;
    this.#exchange = exchange;
    this.#filters = request.filters;
    this.#wrap = request.wrap;
    this.#key = peer.key;
    this.#entry = host.hub.sessions.add(this);
    const { response } = exchange;
    this.#outbox = new Outbox({
      target: response,
      flusher: host.flusher,
      sending: host.sending,
      maxQueuedBytes: host.config.maxQueuedBytes,
      onOverflow: () => this.#cut(),
      onRoom: () => this.#feed.wake(),
    });
    this.#feed = new LogFeed({
      hub: host.hub,
      ...request,
      take: (event, retained) => this.#take(event, retained),
      hasRoom: () => this.#outbox.hasRoom(),
      onLive: () => {
        if (this.#gaveRetained) this.#outbox.push(toPlace(this.#feed.startSeq));
      },
      onFault: () => this.#cut(),
    });
    response.once("close", () => this.#end("the connection ended"));
    // The listener answers also those who have closed their side already; a reader that has does not read any more.
    exchange.request.socket.once("end", () => response.destroy());
    response.writeHead(200, [...STREAM_HEADERS, ...cors]);
    this.#outbox.push(toOpening(request.after ?? this.#feed.startSeq, host.config.retryMs));
    this.#feed.start();
  }

  describe(): PeerDescription {
    const { remoteAddress } = this.#exchange;
    return {
      name: this.#key ?? remoteAddress,
      protocol: "sse",
      version: null,
      remoteAddress,
      key: this.#key,
      queuedEvents: 0,
      queuedBytes: this.#outbox.waitingBytes,
      subscriptions: this.#filters,
      subscriptionCount: this.#filters.length,
      will: null,
    };
  }

  disconnect(): void {
    this.stop();
  }

  beat(): void {
    this.#outbox.push(HEARTBEAT);
  }

  /** Ends the stream in order; the client comes again by itself. */
  stop(): void {
    this.#outbox.flush();
    this.#exchange.response.end();
    this.#end("the hub ended it");
  }

  #take(event: HubEvent, retained: boolean): void {
    if (retained) this.#gaveRetained = true;
    this.#entry.noteSent(event);
    if (!this.#wrap) this.#outbox.push(this.#host.encode(event));
    else this.#outbox.push(retained ? toWrappedBlock(event, true) : this.#host.encodeWrapped(event));
  }

  #cut(): void {
    this.#exchange.response.destroy();
    this.#end("it read too slowly, or could not be given what it asked for");
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#outbox.close();
    this.#feed.close();
    this.#entry.close(reason);
    this.#host.ended(this);
  }
}
