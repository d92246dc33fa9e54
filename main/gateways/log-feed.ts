import { setImmediate as nextTurn } from "node:timers/promises";
import { refuse, type Refusal } from "../contract/errors.ts";
import type { GatewayHub, HubEvent } from "../hub/ports.ts";
import { gatherRetained, type RetainedGathering } from "./gather-retained.ts";

export interface FollowOptions {
  readonly hub: Pick<GatewayHub, "createSubscriber" | "retained" | "read" | "lastSeq">;
  /** Valid topic filters; an event that matches several is given once. */
  readonly filters: readonly string[];
  /** Give what came after this seq, then what comes. Null: give the retained events, then what comes. */
  readonly after: number | null;
  /** `retained`: from before the follower came. */
  readonly take: (event: HubEvent, retained: boolean) => void;
  /** May more be read from the log now? What comes live is not held back: its taker has a bound of its own. */
  readonly hasRoom: () => boolean;
  /** What was there at the start has been given. Called once. */
  readonly onLive?: () => void;
  /** The log cannot be read; the feed has ended. */
  readonly onFault: (refusal: Refusal) => void;
}

const SLICE_EVENTS = 256;
const SLICE_BYTES = 1024 * 1024;
/** What comes live while the last of the log is read waits here; when it is more, it is read from the log as well. */
const HELD_EVENTS = 2000;
const HELD_BYTES = 4 * 1024 * 1024;

/**
 * Gives every event on matching topics once and in order, from a place in the log or from now on. It reads the log as
 * fast as its taker has room, then follows what comes: subscribed first, then read up to where the subscription began,
 * so that nothing is missed between the two. A class because there is one for each subscription of thousands of peers.
 */
export class LogFeed {
  /** What came up to here was there before the follower. */
  readonly startSeq: number;
  readonly #options: FollowOptions;
  #cursor: number;
  #subscriptions: (() => void)[] | null = null;
  /** Events of the subscription that wait for the log to be read; null once there is nothing to wait for. */
  #held: HubEvent[] | null = null;
  #heldBytes = 0;
  /** The log must be read up to here before held events may follow. */
  #heldAfter = 0;
  #gathering: RetainedGathering | null = null;
  #retained: readonly HubEvent[] | null = null;
  #started = false;
  #busy = false;
  #live = false;
  #closed = false;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.startSeq = options.hub.lastSeq();
    // A cursor from beyond the end is of another log: its owner is given what comes, and not nothing for a long time.
    this.#cursor = Math.min(options.after ?? this.startSeq, this.startSeq);
  }

  /** Everything up to here that matches has been given. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Begins to give; before, nothing is given. */
  start(): void {
    this.#started = true;
    const { hub, filters, after } = this.#options;
    if (after === null) this.#gathering = gatherRetained(hub, filters, this.startSeq);
    this.wake();
  }

  /** There is room again. */
  wake(): void {
    if (!this.#started || this.#live || this.#closed || this.#busy) return;
    this.#busy = true;
    const { onFault } = this.#options;
    this.#catchUp().then(
      () => (this.#busy = false),
      (error: unknown) => {
        this.close();
        onFault(refuse("INTERNAL", "Something went wrong inside the hub while events were given out.", { error }).refusal);
      },
    );
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#retained = null;
    this.#gathering = null;
  }

  /** Runs without a pause as far as it can: a follower of what comes is live when `start` returns. */
  async #catchUp(): Promise<void> {
    const { hub, filters, hasRoom, take, onFault } = this.#options;
    while (this.#gathering !== null && !this.#closed) {
      this.#retained = this.#gathering.next();
      if (this.#retained === null) await nextTurn();
      else this.#gathering = null;
    }
    while (!this.#closed) {
      if (!this.#giveRetained()) return;
      if (this.#goLive()) return;
      if (!hasRoom()) return;
      const slice = await hub.read({ after: this.#cursor, filters, maxEvents: SLICE_EVENTS, maxBytes: SLICE_BYTES });
      if (this.#closed) return;
      if (!slice.ok) {
        this.close();
        onFault(slice.refusal);
        return;
      }
      for (const event of slice.value.events) {
        take(event, false);
        if (this.#closed) return;
      }
      this.#cursor = slice.value.cursor;
      if (!slice.value.more && this.#held === null) this.#hold();
    }
  }

  /** False when there was no room for all. */
  #giveRetained(): boolean {
    const retained = this.#retained;
    if (retained === null) return true;
    let given = 0;
    while (given < retained.length && this.#options.hasRoom() && !this.#closed) this.#options.take(retained[given++]!, true);
    this.#retained = given < retained.length && !this.#closed ? retained.slice(given) : null;
    return this.#retained === null;
  }

  /** From here on events of the subscription wait until the log has been read up to them. */
  #hold(): void {
    this.#held = [];
    this.#heldBytes = 0;
    this.#heldAfter = this.#options.hub.lastSeq();
    this.#subscribe();
  }

  #goLive(): boolean {
    if (this.#held === null) {
      if (this.#cursor < this.#options.hub.lastSeq()) return false;
      this.#subscribe();
    } else {
      if (this.#cursor < this.#heldAfter) return false;
      for (const event of this.#held) if (event.seq > this.#cursor && !this.#closed) this.#options.take(event, false);
      this.#cursor = Math.max(this.#cursor, this.#held.at(-1)?.seq ?? 0);
      this.#held = null;
    }
    if (this.#closed) return true;
    this.#live = true;
    this.#options.onLive?.();
    return true;
  }

  #subscribe(): void {
    const subscriber = this.#options.hub.createSubscriber<null>((event) => this.#deliver(event));
    this.#subscriptions = [];
    for (const filter of this.#options.filters) {
      const subscribed = subscriber.subscribe(filter, null);
      if (subscribed.ok) this.#subscriptions.push(subscribed.value);
    }
  }

  #deliver(event: HubEvent): void {
    if (event.seq <= this.#cursor || this.#closed) return;
    if (this.#held !== null) {
      this.#held.push(event);
      this.#heldBytes += event.body.length;
      if (this.#held.length <= HELD_EVENTS && this.#heldBytes <= HELD_BYTES) return;
      this.#unsubscribe();
      this.#held = null;
      return;
    }
    this.#cursor = event.seq;
    this.#options.take(event, false);
  }

  #unsubscribe(): void {
    for (const stop of this.#subscriptions ?? []) stop();
    this.#subscriptions = null;
  }
}
