import type { Clock } from "../../platform/clock.ts";

/** So long a connection may handle what it has read, and all of them together, before others have their turn. */
const SLICE_MS = 3;
const TURN_MS = 10;

/** Parts the time of the loop among connections that have much to handle. One for all connections of the gateway. */
export class Turns {
  readonly #clock: Pick<Clock, "monotonic">;
  #waiting: (() => void)[] = [];
  /** Ms, monotonic; null between turns. */
  #endsAt: number | null = null;

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Somebody begins: answers until when it may go on. It may do a little in any case. */
  begin(): number {
    const now = this.#clock.monotonic();
    if (this.#endsAt !== null) return Math.min(now + SLICE_MS, this.#endsAt);
    this.#endsAt = now + TURN_MS;
    setImmediate(() => this.#next());
    return this.#waiting.length === 0 ? this.#endsAt : now + SLICE_MS; // The whole turn for one that is alone.
  }

  isOver(until: number): boolean {
    return this.#clock.monotonic() > until;
  }

  /** Goes on in another turn. */
  defer(run: () => void): void {
    this.#waiting.push(run);
  }

  #next(): void {
    this.#endsAt = null;
    let done = 0;
    while (done < this.#waiting.length && (done === 0 || !this.isOver(this.#endsAt ?? Number.POSITIVE_INFINITY))) {
      this.#waiting[done]!();
      done += 1;
    }
    this.#waiting.splice(0, done);
    if (this.#waiting.length > 0) this.begin();
  }
}
