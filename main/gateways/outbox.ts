import type { SendingBudget, Waiting } from "./sending-budget.ts";

/** A socket, or an HTTP answer that goes on. */
export interface OutboxTarget {
  readonly writableLength: number;
  write(bytes: Buffer): boolean;
  cork(): void;
  uncork(): void;
  once(event: "drain", listener: () => void): unknown;
}

export interface OutboxOptions {
  readonly target: OutboxTarget;
  readonly flusher: Flusher;
  readonly sending: SendingBudget;
  /** More than this waiting means that the peer reads too slowly. */
  readonly maxQueuedBytes: number;
  /** Called once, instead of taking what would go beyond the bound. */
  readonly onOverflow: () => void;
  /** There is room again after `hasRoom` said no. */
  readonly onRoom: () => void;
}

/**
 * Up to this many bytes waiting, what is only read ahead may be added. More than any target's high-water mark: with so
 * much waiting, a `drain` is sure to come.
 */
const ROOM_BYTES = 256 * 1024;
/** Smaller pieces are joined into one write. */
const JOIN_BYTES = 256 * 1024;

/** What goes out on one connection: gathered during a turn of the loop, written at its end in one go. */
export class Outbox implements Waiting {
  readonly #options: OutboxOptions;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #waitsForRoom = false;
  #waitsForDrain = false;
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get waitingBytes(): number {
    return this.#bytes + this.#options.target.writableLength;
  }

  /** A single piece of any size is taken when nothing waits. The bytes may be shared; nobody may change them. */
  push(...pieces: readonly Buffer[]): void {
    if (this.#closed) return;
    if (this.waitingBytes > this.#options.maxQueuedBytes || !this.#isAllowed(pieces)) {
      this.close();
      this.#options.onOverflow();
      return;
    }
    if (this.#pieces.length === 0) this.#options.flusher.add(this);
    for (const piece of pieces) {
      this.#pieces.push(piece);
      this.#bytes += piece.length;
    }
  }

  hasRoom(): boolean {
    if (this.waitingBytes < ROOM_BYTES) return true;
    if (this.#pieces.length > 0) this.#waitsForRoom = true;
    else this.#awaitDrain();
    return false;
  }

  /** Once, however often it is asked for. */
  #awaitDrain(): void {
    if (this.#waitsForDrain) return;
    this.#waitsForDrain = true;
    this.#options.target.once("drain", () => {
      this.#waitsForDrain = false;
      this.#options.onRoom();
    });
  }

  /** A peer that takes what it is sent is nobody's burden. */
  #isAllowed(pieces: readonly Buffer[]): boolean {
    const { target, sending } = this.#options;
    if (target.writableLength === 0) return true;
    let bytes = 0;
    for (const piece of pieces) bytes += piece.length;
    return sending.allows(this, bytes);
  }

  flush(): void {
    const pieces = this.#pieces;
    if (this.#closed || pieces.length === 0) return;
    const { target } = this.#options;
    const bytes = this.#bytes;
    this.#pieces = [];
    this.#bytes = 0;
    if (pieces.length === 1) target.write(pieces[0]!);
    else if (bytes <= JOIN_BYTES) target.write(this.#options.flusher.join(pieces, bytes));
    else {
      target.cork();
      for (const piece of pieces) target.write(piece);
      target.uncork();
    }
    if (!this.#waitsForRoom) return;
    this.#waitsForRoom = false;
    // By what waits, not by what `write` answered: an HTTP answer that is corked answers false, and when the system takes
    // all of it at once, emits `drain` inside of `uncork` or, when less than its high-water mark is left, never.
    if (target.writableLength < ROOM_BYTES) setImmediate(this.#options.onRoom);
    else this.#awaitDrain();
  }

  /** What waits is forgotten, and nothing more is taken. */
  close(): void {
    this.#closed = true;
    this.#options.sending.forget(this);
    this.#pieces = [];
    this.#bytes = 0;
  }
}

/** Writes at the end of the turn what was pushed during it. One for all connections of a gateway. */
export interface Flusher {
  add(outbox: Outbox): void;
  /** Joins pieces; those that many connections send in the same order are joined once. */
  join(pieces: readonly Buffer[], bytes: number): Buffer;
}

export function createFlusher(): Flusher {
  let dirty: Outbox[] = [];
  let lastPieces: readonly Buffer[] = [];
  let lastJoined: Buffer = Buffer.alloc(0);

  const flushAll = (): void => {
    const now = dirty;
    dirty = [];
    for (const outbox of now) outbox.flush();
    lastPieces = [];
  };
  return {
    add(outbox) {
      if (dirty.length === 0) queueMicrotask(flushAll);
      dirty.push(outbox);
    },
    join(pieces, bytes) {
      if (!isSame(pieces, lastPieces)) {
        lastJoined = Buffer.concat(pieces, bytes);
        lastPieces = pieces;
      }
      return lastJoined;
    },
  };
}

function isSame(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  return a.length === b.length && a.every((piece, index) => piece === b[index]);
}
