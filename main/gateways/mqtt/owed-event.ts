import type { HubEvent } from "../../hub/ports.ts";
import type { OutgoingState } from "./session-rows.ts";
import type { Qos } from "./wire/packet-type.ts";

/** An event owed to a session's peer. */
export interface OwedEvent {
  /** Its place in the session's queue. */
  readonly order: number;
  readonly seq: number;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly ids: readonly number[] | null;
  packetId: number;
  state: OutgoingState;
  /** Null while it is in the log alone, and once it need not be sent again. Set by OwedMemory only. */
  event: HubEvent | null;
  /** What the event takes in memory; 0 until it has been there. */
  bytes: number;
}

/** What an event takes beside its body: the objects around it. */
const OVERHEAD_BYTES = 256;

/**
 * The memory that owed events take, over all sessions: beyond the bound they are left in the log, and read again when
 * their turn comes.
 */
export class OwedMemory {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  hasRoomFor(bytes: number): boolean {
    return this.#bytes + bytes <= this.#maxBytes;
  }

  hold(owed: OwedEvent, event: HubEvent): void {
    this.release(owed);
    owed.event = event;
    owed.bytes = weigh(event);
    this.#bytes += owed.bytes;
  }

  release(owed: OwedEvent): void {
    if (owed.event === null) return;
    owed.event = null;
    this.#bytes -= owed.bytes;
  }
}

export function weigh(event: HubEvent): number {
  let bytes = event.body.length + OVERHEAD_BYTES;
  for (const [name, value] of event.attributes ?? []) bytes += name.length + value.length;
  return bytes;
}
