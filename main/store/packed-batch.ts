import type { DeliveryId, NewEvent } from "../hub/ports.ts";
import type { RecordPolicies } from "./record-policy.ts";
import { toKind } from "./stored-codes.ts";
import { toStoredHead } from "./stored-head.ts";

/**
 * A batch of events on its way to the writer's thread: two transferred buffers and a few strings, instead of a deep
 * copy of every object. `numbers` has SLOTS per event; strings are positions in `strings`, which holds each once.
 * `bytes` has each event's head (JSON, UTF-8) and body, one after the other.
 */
export interface PackedBatch {
  readonly count: number;
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly strings: readonly string[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of those events that may have come before; in order. */
  readonly marks: readonly DeliveryMark[];
}

/** By what an event is known again, see DeliveryId. `index`: its place in the batch. */
export interface DeliveryMark extends DeliveryId {
  readonly index: number;
  readonly source: string;
}

/** In `numbers`; NONE stands for null. */
export const SLOT = {
  receivedAt: 0,
  kind: 1,
  topic: 2,
  source: 3,
  method: 4,
  status: 5,
  size: 6,
  hops: 7,
  refusal: 8,
  cause: 9,
  trace: 10,
  duplicate: 11,
  headBytes: 12,
  bodyBytes: 13,
  record: 14,
} as const;
export const SLOTS = 15;
export const NONE = -1;
/** What the slot `record` holds. */
export const RECORD = { all: 0, last: 1, none: 2 } as const;

/** Buffers above this are given back to the system instead of being used for the next batch. */
const KEEP_BYTES = 4 * 1024 * 1024;

export interface BatchPacker {
  pack(events: readonly NewEvent[]): PackedBatch;
  /** Takes back the buffers of a batch the writer is done with. */
  recycle(batch: Pick<PackedBatch, "numbers" | "bytes">): void;
}

export function createBatchPacker(policies: Pick<RecordPolicies, "of">): BatchPacker {
  let spareNumbers = new Float64Array(0);
  let spareBytes = new Uint8Array(0);

  return {
    pack(events) {
      const heads = events.map(toStoredHead);
      // A UTF-16 unit takes at most 3 bytes of UTF-8.
      let most = 0;
      for (const [index, event] of events.entries()) most += event.body.length + (heads[index]?.length ?? 0) * 3;
      const numbers = spareNumbers.length >= events.length * SLOTS ? spareNumbers : new Float64Array(events.length * SLOTS + 1024);
      const bytes = spareBytes.length >= most ? spareBytes : new Uint8Array(most + 64 * 1024);
      spareNumbers = new Float64Array(0);
      spareBytes = new Uint8Array(0);
      return fill(events, heads, policies, numbers, bytes);
    },
    recycle({ numbers, bytes }) {
      if (numbers.byteLength <= KEEP_BYTES) spareNumbers = numbers;
      if (bytes.byteLength <= KEEP_BYTES) spareBytes = bytes;
    },
  };
}

function fill(
  events: readonly NewEvent[],
  heads: readonly (string | null)[],
  policies: Pick<RecordPolicies, "of">,
  numbers: Float64Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): PackedBatch {
  const marks: DeliveryMark[] = [];
  const strings: string[] = [];
  const places = new Map<string, number>();
  const place = (text: string | null): number => {
    if (text === null) return NONE;
    let at = places.get(text);
    if (at === undefined) {
      at = strings.push(text) - 1;
      places.set(text, at);
    }
    return at;
  };
  const target = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  for (const [index, event] of events.entries()) {
    const at = index * SLOTS;
    const head = heads[index] ?? null;
    const headBytes = head === null ? 0 : target.write(head, offset, "utf8");
    bytes.set(event.body, offset + headBytes);
    offset += headBytes + event.body.length;
    numbers[at + SLOT.receivedAt] = event.receivedAt;
    numbers[at + SLOT.kind] = toKind(event);
    numbers[at + SLOT.topic] = place(event.topic);
    numbers[at + SLOT.source] = place(event.source);
    numbers[at + SLOT.method] = place(event.head?.method ?? null);
    numbers[at + SLOT.status] = event.head?.status ?? NONE;
    numbers[at + SLOT.size] = event.size;
    numbers[at + SLOT.hops] = event.hops;
    numbers[at + SLOT.refusal] = place(event.refusal);
    numbers[at + SLOT.cause] = event.causeSeq ?? NONE;
    numbers[at + SLOT.trace] = event.traceSeq ?? NONE;
    numbers[at + SLOT.duplicate] = event.duplicateOfSeq ?? NONE;
    numbers[at + SLOT.headBytes] = headBytes;
    numbers[at + SLOT.bodyBytes] = event.body.length;
    numbers[at + SLOT.record] = RECORD[policies.of(event.topic)];
    if (event.delivery !== undefined) marks.push({ ...event.delivery, index, source: event.source ?? "" });
  }
  return { count: events.length, numbers, strings, bytes, marks };
}
