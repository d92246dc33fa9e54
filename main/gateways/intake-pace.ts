import type { Clock } from "../platform/clock.ts";

/** A peer whose publications come faster than they are stored. */
export interface PacedPeer {
  /** Nothing more is read from it … */
  hold(): void;
  /** … until now. */
  release(): void;
}

/** An event waits for its commit behind those before it; those who flood are held back so that this takes about so long. */
const TARGET_MS = 25;
/** How many events may wait for their commit, over all peers that are paced. */
const LEAST_EVENTS = 16;
const MOST_EVENTS = 8192;
/** As long as nobody is held: whoever begins to flood begins with so much. */
const IDLE_EVENTS = 128;
const MOST_BYTES = 8 * 1024 * 1024;
/** Nobody is held for so little. */
const FREE_EVENTS = 8;
const FREE_BYTES = 64 * 1024;
/** The bound follows the rate, looked at so often. */
const LOOK_EVERY_MS = 100;
/** What a commit takes at least is taken from the last so many looks. */
const LOOKS_KEPT = 100;

/**
 * Holds back peers that publish faster than events are stored and given out, so that nobody else waits long: reading from
 * them stops, and TCP tells them. How many events may be under way is what is finished in TARGET_MS, plus twice what the
 * fastest commits take, so that a slow disk still gets large commits. One for all gateways.
 */
export class IntakePace {
  readonly #clock: Pick<Clock, "monotonic">;
  #mostEvents = IDLE_EVENTS;
  #events = 0;
  #bytes = 0;
  #began = 0;
  #ended = 0;
  #endedThen = 0;
  #lookedAt: number;
  /** Since it was last looked at: was anybody held, and how many events were under way at most? */
  #heldSince = false;
  #peak = 0;
  /** One event at a time is timed: events end in the order they began. */
  #timed: { readonly ordinal: number; readonly at: number } | null = null;
  #fastestMs = Number.POSITIVE_INFINITY;
  #fastest: number[] = [];

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
    this.#lookedAt = clock.monotonic();
  }

  /** `mostEvents`: under way for this peer alone. */
  open(peer: PacedPeer, mostEvents = Number.POSITIVE_INFINITY): IntakeLane {
    return new IntakeLane(this, peer, mostEvents);
  }

  /** For the lanes. */
  began(bytes: number): void {
    this.#events += 1;
    this.#bytes += bytes;
    this.#began += 1;
    if (this.#events > this.#peak) this.#peak = this.#events;
    this.#timed ??= { ordinal: this.#began, at: this.#clock.monotonic() };
  }

  ended(bytes: number): void {
    this.#events -= 1;
    this.#bytes -= bytes;
    this.#ended += 1;
    if (this.#timed === null || this.#ended < this.#timed.ordinal) return;
    const now = this.#clock.monotonic();
    this.#fastestMs = Math.min(this.#fastestMs, now - this.#timed.at);
    this.#timed = null;
    if (now - this.#lookedAt >= LOOK_EVERY_MS) this.#look(now);
  }

  isFull(): boolean {
    const full = this.#events >= this.#mostEvents || this.#bytes >= MOST_BYTES;
    if (full) this.#heldSince = true;
    return full;
  }

  #look(now: number): void {
    const perMs = (this.#ended - this.#endedThen) / (now - this.#lookedAt);
    this.#fastest.push(this.#fastestMs);
    if (this.#fastest.length > LOOKS_KEPT) this.#fastest.shift();
    const wanted = this.#heldSince ? perMs * (TARGET_MS + 2 * Math.min(...this.#fastest)) : Math.max(IDLE_EVENTS, 2 * this.#peak);
    this.#mostEvents = Math.min(MOST_EVENTS, Math.max(LEAST_EVENTS, wanted));
    this.#heldSince = false;
    this.#peak = this.#events;
    this.#fastestMs = Number.POSITIVE_INFINITY;
    this.#endedThen = this.#ended;
    this.#lookedAt = now;
  }
}

/** One peer's publications under way. */
export class IntakeLane {
  readonly #pace: IntakePace;
  readonly #peer: PacedPeer;
  readonly #most: number;
  #events = 0;
  #bytes = 0;
  /** How many were under way when the peer was held; 0 when it is not. */
  #heldAt = 0;

  constructor(pace: IntakePace, peer: PacedPeer, mostEvents: number) {
    this.#pace = pace;
    this.#peer = peer;
    this.#most = mostEvents;
  }

  /** A publication goes on its way. */
  began(bytes: number): void {
    this.#events += 1;
    this.#bytes += bytes;
    this.#pace.began(bytes);
    if (this.#heldAt > 0) return;
    const isMuch = this.#events >= FREE_EVENTS || this.#bytes >= FREE_BYTES;
    if (this.#events < this.#most && !(isMuch && this.#pace.isFull())) return;
    this.#heldAt = this.#events;
    this.#peer.hold();
  }

  /** One of them is stored, or refused: any, so that it counts for as much as they do on average. */
  ended(): void {
    const bytes = this.#bytes / this.#events;
    this.#events -= 1;
    this.#bytes -= bytes;
    this.#pace.ended(bytes);
    if (this.#heldAt === 0 || this.#events * 2 > this.#heldAt) return;
    this.#heldAt = 0;
    this.#peer.release();
  }
}
