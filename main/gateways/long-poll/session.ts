import type { Refusal } from "../../contract/errors.ts";
import type { GatewayHub, HubEvent } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import { gatherRetained, type RetainedGathering } from "../gather-retained.ts";
import type { ByteBudget, ByteShare } from "../../platform/byte-budget.ts";
import type { PollRequest } from "./inbound.ts";

export interface PollHost {
  readonly hub: GatewayHub;
  readonly clock: Clock;
  readonly maxBytes: number;
  /** For what all polls have read and their peers have not yet. */
  readonly held: ByteBudget;
}

/** What a poll is answered with. */
export type PollOutcome =
  | { readonly kind: "events"; readonly events: readonly HubEvent[]; readonly cursor: number; readonly retained: boolean }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** What an answer with retained events holds while it is sent: the list of them and a piece of text; their bodies are held by the hub. */
const RETAINED_BYTES = 1024 * 1024;

/** One poll: looks in the log, then waits for the next commit that holds something. `answer` is called once, or never after `stop`. */
export class PollSession {
  readonly #host: PollHost;
  readonly #request: PollRequest;
  readonly #answer: (outcome: PollOutcome) => void;
  #cursor: number;
  #state: "reading" | "waiting" | "done" = "reading";
  #timeIsUp = false;
  #release: (() => void)[] = [];
  #share: ByteShare | null = null;

  constructor(host: PollHost, request: PollRequest, answer: (outcome: PollOutcome) => void) {
    this.#host = host;
    this.#request = request;
    this.#answer = answer;
    const newest = host.hub.lastSeq();
    this.#cursor = Math.min(request.after ?? newest, newest); // a cursor from beyond the end is of another log
  }

  start(): void {
    if (this.#request.after === null) void this.#gatherRetained();
    else this.#follow();
  }

  async #gatherRetained(): Promise<void> {
    const { hub, held } = this.#host;
    this.#share = await held.take(RETAINED_BYTES);
    if (this.#isDone()) return this.#share.release();
    this.#giveRetained(gatherRetained(hub, this.#request.filters, this.#cursor));
  }

  /** They are the answer, if there are any. */
  #giveRetained(gathering: RetainedGathering): void {
    if (this.#isDone()) return;
    const events = gathering.next();
    if (events === null) setImmediate(() => this.#giveRetained(gathering));
    else if (events.length > 0) this.#finish({ kind: "events", events, cursor: this.#cursor, retained: true });
    else {
      this.#share?.release();
      this.#follow();
    }
  }

  #follow(): void {
    const { clock } = this.#host;
    this.#release.push(clock.after(this.#request.waitMs, () => this.#expire()));
    if (this.#cursor >= this.#host.hub.lastSeq()) this.#wait();
    else void this.#read();
  }

  /** Nobody waits for the answer any more. */
  stop(): void {
    this.#state = "done";
    for (const release of this.#release) release();
    this.#release = [];
  }

  /** The answer is made: no more than its bytes is held from now on. */
  holdOnly(bytes: number): void {
    this.#share?.shrinkTo(bytes);
  }

  /** The answer is with the peer, or will never be. */
  close(): void {
    this.stop();
    this.#share?.release();
  }

  /** Answers with nothing now. */
  finish(): void {
    if (this.#state !== "done") this.#finishEmpty();
  }

  async #read(): Promise<void> {
    const { hub, maxBytes } = this.#host;
    const { filters, limit } = this.#request;
    this.#state = "reading";
    // Polls can be asked for much faster than their answers are read.
    this.#share = await this.#host.held.take(2 * maxBytes); // as events and as text
    if (this.#isDone()) return this.#share.release();
    while (this.#cursor < hub.lastSeq()) {
      const slice = await hub.read({ after: this.#cursor, filters, maxEvents: limit, maxBytes });
      if (this.#isDone()) return;
      if (!slice.ok) return this.#finish({ kind: "refused", refusal: slice.refusal });
      const { events, cursor } = slice.value;
      this.#cursor = cursor;
      if (events.length > 0) return this.#finish({ kind: "events", events, cursor, retained: false });
      if (this.#timeIsUp) return this.#finishEmpty();
    }
    this.#share.release();
    this.#wait();
  }

  #wait(): void {
    if (this.#timeIsUp || this.#request.waitMs === 0) return this.#finishEmpty();
    this.#state = "waiting";
    const events: HubEvent[] = [];
    let room = this.#host.maxBytes;
    // What comes in one commit is told in one turn: all of it is gathered before the answer goes.
    const subscriber = this.#host.hub.createSubscriber<null>((event) => {
      if (event.seq <= this.#cursor || this.#state === "done") return;
      // The next poll goes on after the last one given, so nothing may follow one that was left out.
      if (events.length < this.#request.limit && room > 0) events.push(event);
      else room = 0;
      room -= event.body.length;
      if (events.length > 1) return;
      queueMicrotask(() => {
        if (!this.#isDone()) this.#finish({ kind: "events", events, cursor: events.at(-1)!.seq, retained: false });
      });
    });
    for (const filter of this.#request.filters) {
      const subscribed = subscriber.subscribe(filter, null);
      if (subscribed.ok) this.#release.push(subscribed.value);
    }
  }

  #expire(): void {
    this.#timeIsUp = true;
    if (this.#state === "waiting") this.#finishEmpty();
  }

  #finishEmpty(): void {
    // While it waited everything up to the newest went by without matching.
    const cursor = this.#state === "waiting" ? Math.max(this.#cursor, this.#host.hub.lastSeq()) : this.#cursor;
    this.#finish({ kind: "events", events: [], cursor, retained: false });
  }

  #finish(outcome: PollOutcome): void {
    this.stop();
    this.#answer(outcome);
  }

  #isDone(): boolean {
    return this.#state === "done";
  }
}
