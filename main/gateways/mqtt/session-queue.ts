import type { HubEvent } from "../../hub/ports.ts";
import { weigh, type OwedEvent, type OwedMemory } from "./owed-event.ts";

/** What the queues of all sessions share. */
export interface QueueContext {
  readonly memory: OwedMemory;
  /** How many events wait in all. */
  readonly queued: { count: number };
  readonly maxQueuedEvents: number;
  readonly maxQueuedBytes: number;
  readonly maxQueuedEventsInAll: number;
  /** Can the event be read from the log again? */
  isRecorded(event: HubEvent): boolean;
}

/** Events that wait until the peer takes more, or is there: the oldest first, bounded; in memory as long as there is room, else in the log alone. */
export class SessionQueue {
  readonly #context: QueueContext;
  #owed: OwedEvent[] = [];
  #bytes = 0;

  constructor(context: QueueContext) {
    this.#context = context;
  }

  get length(): number {
    return this.#owed.length;
  }

  /** In memory or not. */
  get bytes(): number {
    return this.#bytes;
  }

  /** False when a bound keeps it out. `soon`: the peer is there, so that it is worth its memory. */
  push(owed: OwedEvent, event: HubEvent, soon: boolean): boolean {
    const { memory, queued, maxQueuedEvents, maxQueuedBytes, maxQueuedEventsInAll } = this.#context;
    const bytes = weigh(event);
    if (this.#owed.length >= maxQueuedEvents || queued.count >= maxQueuedEventsInAll || this.#bytes + bytes > maxQueuedBytes) return false;
    const hasRoom = memory.hasRoomFor(bytes);
    const recorded = this.#context.isRecorded(event);
    if (!hasRoom && !recorded) return false;
    if (hasRoom && (soon || !recorded)) memory.hold(owed, event);
    else owed.bytes = bytes;
    this.restore(owed);
    return true;
  }

  /** One that was here before a restart. */
  restore(owed: OwedEvent): void {
    this.#owed.push(owed);
    this.#bytes += owed.bytes;
    this.#context.queued.count += 1;
  }

  at(index: number): OwedEvent | undefined {
    return this.#owed[index];
  }

  /** From there on, in order. */
  from(index: number): readonly OwedEvent[] {
    return index === 0 ? this.#owed : this.#owed.slice(index);
  }

  /** The event of one that waits has been read. */
  hold(owed: OwedEvent, event: HubEvent): void {
    this.#bytes -= owed.bytes;
    this.#context.memory.hold(owed, event);
    this.#bytes += owed.bytes;
  }

  /** The first ones have gone; what they hold in memory goes along with them. */
  take(count: number): void {
    for (const { bytes } of this.#owed.splice(0, count)) this.#bytes -= bytes;
    this.#context.queued.count -= count;
  }

  remove(owed: OwedEvent): void {
    const index = this.#owed.indexOf(owed);
    if (index < 0) return;
    this.#owed.splice(index, 1);
    this.#bytes -= owed.bytes;
    this.#context.queued.count -= 1;
  }

  /** The peer is away: what the log has need not be in memory. */
  leaveToLog(): void {
    for (const owed of this.#owed) if (owed.event !== null && this.#context.isRecorded(owed.event)) this.#context.memory.release(owed);
  }

  clear(): void {
    for (const owed of this.#owed) this.#context.memory.release(owed);
    this.#context.queued.count -= this.#owed.length;
    this.#owed = [];
    this.#bytes = 0;
  }
}
