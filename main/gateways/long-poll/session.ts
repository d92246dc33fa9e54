import type { Refusal } from "../../contract/errors.ts";
import type { GatewayHub, HubEvent } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import type { PollRequest } from "./inbound.ts";

export interface PollHost {
  readonly hub: GatewayHub;
  readonly clock: Clock;
  readonly maxBytes: number;
}

/** What a poll is answered with. */
export type PollOutcome =
  | { readonly kind: "events"; readonly events: readonly HubEvent[]; readonly cursor: number; readonly retained: boolean }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** One poll: looks in the log, then waits for the next commit that holds something. `answer` is called once, or never after `stop`. */
export class PollSession {
  readonly #host: PollHost;
  readonly #request: PollRequest;
  readonly #answer: (outcome: PollOutcome) => void;
  #cursor: number;
  #state: "reading" | "waiting" | "done" = "reading";
  #timeIsUp = false;
  #release: (() => void)[] = [];

  constructor(host: PollHost, request: PollRequest, answer: (outcome: PollOutcome) => void) {
    this.#host = host;
    this.#request = request;
    this.#answer = answer;
    const newest = host.hub.lastSeq();
    this.#cursor = Math.min(request.after ?? newest, newest); // a cursor from beyond the end is of another log
  }

  start(): void {
    const { clock } = this.#host;
    if (this.#request.after === null) {
      const retained = this.#retained();
      if (retained.length > 0) return this.#finish({ kind: "events", events: retained, cursor: this.#cursor, retained: true });
    }
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

  /** Answers with nothing now. */
  finish(): void {
    if (this.#state !== "done") this.#finishEmpty();
  }

  #retained(): HubEvent[] {
    const found = new Set<HubEvent>();
    for (const filter of this.#request.filters) this.#host.hub.retained(filter, (event) => found.add(event));
    return [...found].sort((a, b) => a.seq - b.seq);
  }

  async #read(): Promise<void> {
    const { hub, maxBytes } = this.#host;
    const { filters, limit } = this.#request;
    this.#state = "reading";
    while (this.#cursor < hub.lastSeq()) {
      const slice = await hub.read({ after: this.#cursor, filters, maxEvents: limit, maxBytes });
      if (this.#isDone()) return;
      if (!slice.ok) return this.#finish({ kind: "refused", refusal: slice.refusal });
      const { events, cursor } = slice.value;
      this.#cursor = cursor;
      if (events.length > 0) return this.#finish({ kind: "events", events, cursor, retained: false });
      if (this.#timeIsUp) return this.#finishEmpty();
    }
    this.#wait();
  }

  #wait(): void {
    if (this.#timeIsUp || this.#request.waitMs === 0) return this.#finishEmpty();
    this.#state = "waiting";
    const events: HubEvent[] = [];
    // What comes in one commit is told in one turn: all of it is gathered before the answer goes.
    const subscriber = this.#host.hub.createSubscriber<null>((event) => {
      if (event.seq <= this.#cursor || this.#state === "done") return;
      if (events.length < this.#request.limit) events.push(event);
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
