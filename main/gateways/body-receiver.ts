import type { IncomingMessage } from "node:http";
import { refuse, type Refusal } from "../contract/errors.ts";
import type { HubCounters } from "../hub/ports.ts";
import { BodyBuffer } from "./body-buffer.ts";

/** What is kept of a body that is refused. */
export const KEPT_OF_REFUSED_BYTES = 64 * 1024;

/** A body as it came, or what was kept of it and why it was refused; the sender has been told of that already. */
export interface ReceivedBody {
  readonly bytes: Uint8Array;
  /** As sent: what was announced, or else counted. */
  readonly size: number;
  readonly refusal: Refusal | null;
}

export interface ReceiveLimits {
  readonly maxBodyBytes: number;
  /** Over all connections. */
  readonly maxReceivingBytes: number;
}

export interface ReceiverOptions {
  readonly request: IncomingMessage;
  readonly announced: number | null;
  readonly limits: ReceiveLimits;
  readonly counters: HubCounters;
  /** Tells the sender; called at most once, and before `done`. */
  readonly refuse: (refusal: Refusal) => void;
  readonly done: (body: ReceivedBody) => void;
}

/** Takes in one request's body. It ends when the body does, when enough is kept of a refused one, or by `breakOff`. */
export class BodyReceiver {
  readonly #options: ReceiverOptions;
  #body: BodyBuffer;
  #refusal: Refusal | null = null;
  #counted = 0;
  /** This body's share of counters.receivingBytes. */
  #held = 0;
  #ended = false;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#body = new BodyBuffer(options.announced);
  }

  /** False when the body is refused before any of it was read. */
  admit(): boolean {
    const { announced, limits } = this.#options;
    if (announced === null || announced <= limits.maxBodyBytes) return true;
    this.#fail(tooLarge(`has ${announced} bytes`, limits.maxBodyBytes));
    return false;
  }

  listen(): void {
    const { request } = this.#options;
    request.on("data", (chunk: Buffer) => this.#take(chunk));
    request.on("end", () => this.#finish());
  }

  /** Everything has come; only its last events are still to run. */
  get isWhole(): boolean {
    return this.#options.request.complete;
  }

  /** Nothing more will come, and `why` if that is too early. */
  breakOff(why: Refusal): void {
    const { request, announced } = this.#options;
    if (!request.complete || (announced !== null && this.#counted < announced)) this.#fail(why);
    this.#finish();
  }

  #take(chunk: Buffer): void {
    if (this.#ended) return;
    this.#counted += chunk.length;
    const { counters, limits } = this.#options;
    this.#keep(this.#refusal === null ? chunk : chunk.subarray(0, KEPT_OF_REFUSED_BYTES - this.#body.length));
    if (this.#refusal === null) {
      if (this.#counted > limits.maxBodyBytes) this.#fail(tooLarge(`has more than ${limits.maxBodyBytes} bytes`, limits.maxBodyBytes));
      else if (counters.receivingBytes > limits.maxReceivingBytes) this.#fail(TOO_MUCH_AT_ONCE);
    }
    // When there is too much in hand already, no more of this one is waited for.
    if (this.#refusal !== null && (this.#refusal === TOO_MUCH_AT_ONCE || this.#body.length >= KEPT_OF_REFUSED_BYTES)) this.#finish();
  }

  #keep(chunk: Buffer): void {
    this.#body.add(chunk);
    this.#held += chunk.length;
    this.#options.counters.receivingBytes += chunk.length;
  }

  #fail(refusal: Refusal): void {
    if (this.#refusal !== null || this.#ended) return;
    this.#refusal = refusal;
    const beginning = Buffer.from(this.#body.take().subarray(0, KEPT_OF_REFUSED_BYTES));
    this.#release();
    this.#body = new BodyBuffer(null);
    this.#keep(beginning);
    this.#options.refuse(refusal);
  }

  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#release();
    const refusal = this.#refusal;
    const bytes = refusal === null ? this.#body.take() : Buffer.from(this.#body.take());
    this.#body = new BodyBuffer(null);
    this.#options.done({ bytes, size: refusal === null ? bytes.length : (this.#options.announced ?? this.#counted), refusal });
  }

  #release(): void {
    this.#options.counters.receivingBytes -= this.#held;
    this.#held = 0;
  }
}

const TOO_MUCH_AT_ONCE = refuse(
  "HUB_BUSY",
  "The hub is taking in as many bytes as it allows at once. Send this again in a moment.",
).refusal;

function tooLarge(what: string, limit: number): Refusal {
  return refuse("BODY_TOO_LARGE", `The body ${what}; at most ${limit} are taken. Its beginning is kept for you to look at.`, { limit })
    .refusal;
}
