import type { IncomingMessage, ServerResponse } from "node:http";
import type { Refusal } from "../contract/errors.ts";
import type { HeaderList } from "../contract/event.ts";
import type { HubCounters } from "../hub/ports.ts";
import type { Clock } from "../platform/clock.ts";
import { isEncrypted, toAuthority } from "../platform/net.ts";
import { BodyReceiver, type ReceivedBody, type ReceiveLimits } from "./body-receiver.ts";
import { toHttpAnswer } from "./http-answer.ts";
import { readHead, type HttpHead } from "./http-head.ts";

/** A refused sender may go on sending for so long and so much, kept by nobody, so that it reads its answer and not a reset. */
const LINGER_MS = 5000;
const LINGER_BYTES = 256 * 1024 * 1024;

/** What an exchange needs from the listener it came in by. */
export interface ExchangeHost {
  readonly clock: Clock;
  readonly counters: HubCounters;
  /** The listener stops: connections are not kept alive any more. */
  readonly stopping: boolean;
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
  /** The sender has broken HTTP: what still comes is not looked at. */
  broken: boolean;
}

/** One HTTP request and the answer to it. A class because there is one for each request: methods cost nothing to make. */
export class HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: HttpHead;
  /** Path and query, also of a target sent in absolute form (RFC 9112 §3.2.2). */
  readonly path: string;
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

  /** What the sender dialled with. */
  get scheme(): "http" | "https" {
    return isEncrypted(this.request.socket) ? "https" : "http";
  }

  get trailers(): HeaderList {
    const raw = this.request.rawTrailers;
    return raw.length === 0 ? NO_HEADERS : readHead(raw).headers;
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
    if (this.#host.stopping || this.#connection.surplus) headers.push("Connection", "close");
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
    if (this.request.complete || !this.head.hasBody) {
      this.answer(status, headers, body);
      return;
    }
    headers.push("Connection", "close");
    response.writeHead(status, headers);
    // Whole for the sender by its length, but not ended: that would close the socket over unread bytes, and the reset
    // that follows can take the answer with it (RFC 9112 §9.6).
    response.write(body);
    this.#linger();
  }

  #linger(): void {
    const { request, response } = this;
    let left = LINGER_BYTES;
    const finish = (): void => {
      cancel();
      response.end();
    };
    const cancel = this.#host.clock.after(LINGER_MS, finish);
    request.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) finish();
    });
    request.once("end", finish);
    response.once("close", cancel);
  }
}

const NO_HEADERS: HeaderList = [];
const NO_BODY: ReceivedBody = { bytes: Buffer.alloc(0), size: 0, refusal: null };

function toPath(target: string): string {
  if (target.charCodeAt(0) === 47 /* / */) return target;
  const [, path] = /^https?:\/\/[^/?#]*(.*)$/i.exec(target) ?? [];
  return path === undefined ? target : path.startsWith("/") ? path : `/${path}`;
}
