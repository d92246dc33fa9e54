import type { IncomingMessage, ServerResponse } from "node:http";
import type { Refusal } from "../contract/errors.ts";
import type { HeaderList } from "../contract/event.ts";
import type { HubCounters } from "../hub/ports.ts";
import { answerEarly } from "../net/linger.ts";
import type { Clock } from "../platform/clock.ts";
import { isEncrypted, toAuthority } from "../platform/net.ts";
import { BodyReceiver, type ReceivedBody, type ReceiveLimits } from "./body-receiver.ts";
import { toHttpAnswer } from "./http-answer.ts";
import { readHead, type HttpHead } from "./http-head.ts";
import type { TunnelSide } from "./tunnel-side.ts";

/** What an exchange needs from the listener it came in by. */
export interface ExchangeHost {
  readonly clock: Clock;
  readonly counters: HubCounters;
  /** The listener stops: connections are not kept alive any more. */
  readonly stopping: boolean;
  /** It is a tunnel's own. */
  readonly tunnel: TunnelSide | null;
}

/** One of the listener's sockets. */
export interface HttpConnection {
  readonly remoteAddress: string;
  /** There were too many when it came. */
  readonly surplus: boolean;
  /** The newest answer on it; those before it go out first. */
  lastResponse: ServerResponse | null;
  /** The body that is coming in. */
  receiver: BodyReceiver | null;
  /** How the sender has broken HTTP, which the parser does not get over: what still comes is not looked at. */
  fault: Refusal | null;
  /** Requests that came one after the other, each before the one before it was answered. */
  unanswered: number;
}

/** One HTTP request and the answer to it. A class because there is one for each request: methods cost nothing to make. */
export class HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: HttpHead;
  /** Path and query, also of a target sent in absolute form (RFC 9112 §3.2.2). */
  readonly path: string;
  /** Where the next request on the connection would begin is not known. */
  mustClose = false;
  readonly #host: ExchangeHost;
  readonly #connection: HttpConnection;
  #awaitsContinue: boolean;

  constructor(host: ExchangeHost, connection: HttpConnection, request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean) {
    this.request = request;
    this.response = response;
    this.head = readHead(request.rawHeaders);
    this.path = toPath(request.url ?? "/");
    this.#host = host;
    this.#connection = connection;
    this.#awaitsContinue = awaitsContinue;
  }

  get remoteAddress(): string {
    return this.#connection.remoteAddress;
  }

  /** What the sender dialled: Host, or for an old sender without one the address it reached. */
  get authority(): string {
    const { localAddress = "", localPort = 0 } = this.request.socket;
    return this.head.host ?? toAuthority(localAddress, localPort);
  }

  /** The URL that the sender dialled, as far as it is known. */
  get publicUrl(): string {
    const { tunnel } = this.#host;
    if (tunnel !== null) return tunnel.publicUrl(this);
    const { url = this.path } = this.request;
    return /^https?:/i.test(url) ? url : `${this.scheme}://${this.authority}${url}`;
  }

  /** Who sent it: of what comes through a tunnel only its provider can say. To be shown, and for nothing else. */
  get sender(): string {
    return this.#host.tunnel?.senderOf(this.request) ?? this.remoteAddress;
  }

  /** What the sender dialled with. */
  get scheme(): "http" | "https" {
    return isEncrypted(this.request.socket) ? "https" : "http";
  }

  get trailers(): HeaderList {
    const raw = this.request.rawTrailers;
    return raw.length === 0 ? NO_HEADERS : readHead(raw).headers;
  }

  /** How the sender broke its body while something else was waited for; for whoever does not receive it. */
  get bodyFault(): Refusal | null {
    return this.head.hasBody && !this.request.complete ? this.#connection.fault : null;
  }

  /** Lets a sender that asked go ahead with its body (RFC 9110 §10.1.1). */
  goOn(): void {
    if (!this.#awaitsContinue) return;
    this.#awaitsContinue = false;
    this.response.writeContinue();
  }

  /** `done` is called once: with the whole body, or with what was kept of one that was refused, too slow or broken off. */
  receive(limits: ReceiveLimits, done: (body: ReceivedBody) => void): void {
    const { hasBody, contentLength: announced } = this.head;
    if (!hasBody) {
      done(NO_BODY);
      return;
    }
    const connection = this.#connection;
    // Its body broke while it was being decided whether it is wanted: nothing more will come of it.
    if (connection.fault !== null) return this.refuse(connection.fault);
    const receiver = new BodyReceiver({
      request: this.request,
      announced,
      limits,
      counters: this.#host.counters,
      refuse: (refusal) => this.refuse(refusal),
      done(body) {
        connection.receiver = null;
        done(body);
      },
    });
    connection.receiver = receiver;
    if (receiver.admit()) this.goOn();
    receiver.listen();
  }

  /** Answers; a second answer is not sent. `headers` is flat, its own, and complete but for what concerns the connection. */
  answer(status: number, headers: string[], body: string): void {
    const { response } = this;
    if (response.headersSent || response.destroyed) return;
    if (this.#host.stopping || this.#connection.surplus || this.mustClose) headers.push("Connection", "close");
    response.writeHead(status, headers);
    response.end(body);
  }

  /** `extra` headers are flat. */
  refuse(refusal: Refusal, extra: readonly string[] = []): void {
    const { response } = this;
    const { counters } = this.#host;
    counters.refused[refusal.code] = (counters.refused[refusal.code] ?? 0) + 1;
    if (response.headersSent || response.destroyed) return;
    const { status, headers, body } = toHttpAnswer(refusal);
    headers.push(...extra);
    const nothingFollows = this.request.complete || !this.head.hasBody;
    if (nothingFollows || this.#connection.fault !== null) {
      this.mustClose ||= !nothingFollows;
      this.answer(status, headers, body);
      return;
    }
    headers.push("Connection", "close");
    response.writeHead(status, headers);
    answerEarly(this.request, response, body, this.#host.clock);
  }
}

const NO_HEADERS: HeaderList = [];
const NO_BODY: ReceivedBody = { bytes: Buffer.alloc(0), size: 0, refusal: null };

function toPath(target: string): string {
  if (target.charCodeAt(0) === 47 /* / */) return target;
  const [, path] = /^https?:\/\/[^/?#]*(.*)$/i.exec(target) ?? [];
  return path === undefined ? target : path.startsWith("/") ? path : `/${path}`;
}
