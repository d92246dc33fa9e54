import type { Duplex } from "node:stream";
import type { SendingBudget, Waiting } from "../sending-budget.ts";
import type { EncodedPublish } from "./wire/encode.ts";

/** Calls each waiting outbox once at the end of the loop's turn, so that a turn costs a connection one system call. */
export interface Flusher {
  add(outbox: Outbox): void;
}

export function createFlusher(): Flusher {
  let waiting: Outbox[] = [];
  const run = (): void => {
    const now = waiting;
    waiting = [];
    for (const outbox of now) outbox.flush();
  };
  return {
    add(outbox) {
      if (waiting.push(outbox) === 1) setImmediate(run);
    },
  };
}

/** Written bytes beyond this are handed to the socket in pieces. */
const PIECE_BYTES = 256 * 1024;

/** What goes out to one peer: gathered during a turn of the loop, written with one call, kept while the peer is slow. */
export class Outbox implements Waiting {
  readonly #socket: Duplex;
  readonly #flusher: Flusher;
  /** Bytes, or a number: an acknowledgement's first byte and packet identifier, or the packet identifier of the publish before it. */
  #parts: (Uint8Array | EncodedPublish | number)[] = [];
  #bytes = 0;
  readonly #sending: SendingBudget;
  readonly #onRoom: () => void;
  /** Bytes added that the budget has not been told of. */
  #untold = 0;
  #waiting = false;
  #blocked = false;
  #wantsRoom = false;

  /** `onRoom`: what waited when somebody asked `tellRoom` has gone. */
  constructor(socket: Duplex, flusher: Flusher, sending: SendingBudget, onRoom: () => void) {
    this.#socket = socket;
    this.#flusher = flusher;
    this.#sending = sending;
    this.#onRoom = onRoom;
  }

  /** Bytes that the peer has not taken yet. */
  get waitingBytes(): number {
    return this.#bytes + this.#socket.writableLength;
  }

  /** Does so much wait for slow peers in all that this one is to be sent no more for now? */
  isOverBudget(): boolean {
    if (!this.#blocked) return false;
    const added = this.#untold;
    this.#untold = 0;
    return !this.#sending.allows(this, added);
  }

  /** The peer takes nothing at the moment. */
  get blocked(): boolean {
    return this.#blocked;
  }

  add(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#grow(bytes.length);
  }

  /** A PUBACK, PUBREC, PUBREL or PUBCOMP without a reason. */
  addAck(first: number, packetId: number): void {
    this.#parts.push((first << 16) | packetId);
    this.#grow(4);
  }

  addPublish(publish: EncodedPublish, packetId: number): void {
    if (packetId === 0) this.#parts.push(publish.bytes);
    else this.#parts.push(publish, packetId);
    this.#grow(publish.bytes.length);
  }

  /** Somebody holds back what is to be sent, and wants to know when to go on. */
  tellRoom(): void {
    this.#wantsRoom = true;
  }

  /** The peer takes bytes again. */
  drained(): void {
    this.#blocked = false;
    this.flush();
  }

  flush(): void {
    this.#waiting = false;
    while (this.#parts.length > 0 && !this.#blocked) {
      const only = this.#parts.length === 1 ? this.#parts[0] : undefined;
      if (only instanceof Uint8Array) {
        this.#parts = [];
        this.#bytes = 0;
        this.#write(only);
      } else this.#write(this.#join());
    }
    if (!this.#wantsRoom || this.#blocked) return;
    this.#wantsRoom = false;
    this.#onRoom();
  }

  clear(): void {
    this.#sending.forget(this);
    this.#parts = [];
    this.#bytes = 0;
  }

  #grow(bytes: number): void {
    this.#bytes += bytes;
    this.#untold += bytes;
    if (this.#waiting) return;
    this.#waiting = true;
    this.#flusher.add(this);
  }

  #write(bytes: Uint8Array): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    this.#blocked = !this.#socket.write(bytes);
  }

  #join(): Buffer {
    const parts = this.#parts;
    const joined = Buffer.allocUnsafe(Math.min(this.#bytes, Math.max(PIECE_BYTES, sizeOf(parts[0]!))));
    let at = 0;
    let taken = 0;
    for (; taken < parts.length; taken += 1) {
      const part = parts[taken]!;
      if (at + sizeOf(part) > joined.length) break;
      if (typeof part === "number") {
        joined[at] = part >> 16;
        joined[at + 1] = 2;
        joined[at + 2] = part >> 8;
        joined[at + 3] = part;
        at += 4;
      } else if (part instanceof Uint8Array) {
        joined.set(part, at);
        at += part.length;
      } else {
        joined.set(part.bytes, at);
        taken += 1;
        const packetId = parts[taken] as number;
        joined[at + part.packetIdAt] = packetId >> 8;
        joined[at + part.packetIdAt + 1] = packetId;
        at += part.bytes.length;
      }
    }
    this.#parts = taken === parts.length ? [] : parts.slice(taken);
    this.#bytes -= at;
    return at === joined.length ? joined : joined.subarray(0, at);
  }
}

function sizeOf(part: Uint8Array | EncodedPublish | number): number {
  if (typeof part === "number") return 4;
  return part instanceof Uint8Array ? part.length : part.bytes.length;
}
