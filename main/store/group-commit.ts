import { refuse, type Refusal } from "../contract/errors.ts";
import { toEventId } from "../hub/event-view.ts";
import type { AppendOutcome, HubEvent, NewEvent } from "../hub/ports.ts";
import { createBatchPacker, type PackedBatch } from "./packed-batch.ts";
import type { RecordPolicies } from "./record-policy.ts";
import type { FoundDuplicate } from "./seen-deliveries.ts";
import type { StateRow } from "./state-rows.ts";
import type { PendingState } from "./state-store.ts";
import type { Buffers } from "./writer-messages.ts";

/** One commit takes at most this much; more would hold up those who wait for it. A larger event goes alone. */
const MAX_BATCH_EVENTS = 2048;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** What an event takes beside its body: head, columns, and the object itself. */
const EVENT_OVERHEAD_BYTES = 512;

export interface GroupCommitOptions {
  readonly logId: string;
  readonly policies: Pick<RecordPolicies, "of">;
  readonly maxQueuedEvents: number;
  readonly maxQueuedBytes: number;
  /** Hands a batch to the writer. One is under way at a time. */
  send(batch: PackedBatch, state: readonly StateRow[]): void;
  /** Rows that go along. */
  readonly state: PendingState;
  /** The batch from `firstSeq` to `lastSeq` is on disk; nobody has been told yet. */
  onDurable(firstSeq: number, lastSeq: number, bytes: number): void;
  /** After each event's `done`. */
  onCommitted(events: readonly HubEvent[]): void;
}

export interface GroupCommit {
  append(event: NewEvent, done: (outcome: AppendOutcome) => void): boolean;
  /** `duplicates`: which of the batch came before, by their place in it. */
  committed(firstSeq: number, duplicates: readonly FoundDuplicate[], buffers: Buffers): void;
  notCommitted(refusal: Refusal, buffers: Buffers | null): void;
  /** How many events were ever taken. */
  appended(): number;
  /** There may be state rows to commit. */
  nudge(): void;
  /** Until told otherwise, refuses what comes in at once. */
  refuseWith(refusal: Refusal | null): void;
  /** Events waiting for a commit, those under way included. */
  queued(): number;
  /** Resolves when nothing is queued any more. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly event: NewEvent;
  readonly done: (outcome: AppendOutcome) => void;
}

/**
 * Gathers events while a commit runs; the next commit takes them all. There is no timer: idle, an event waits only for
 * the end of the loop turn it came in (so that all that one turn reads goes together) and for its own commit.
 */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const packer = createBatchPacker(options.policies);
  let waiting: Waiting[] = [];
  let underWay: Waiting[] = [];
  let isUnderWay = false;
  let appended = 0;
  let queuedBytes = 0;
  let refusal: Refusal | null = null;
  let turnEnds = false;
  const onIdle: (() => void)[] = [];

  function sendNext(): void {
    turnEnds = false;
    if (isUnderWay || (waiting.length === 0 && !options.state.wanted())) return;
    let bytes = 0;
    let count = 0;
    while (count < waiting.length && count < MAX_BATCH_EVENTS) {
      bytes += weigh(waiting[count]!.event);
      if (count > 0 && bytes > MAX_BATCH_BYTES) break;
      count += 1;
    }
    underWay = count === waiting.length ? waiting : waiting.slice(0, count);
    waiting = count === waiting.length ? [] : waiting.slice(count);
    isUnderWay = true;
    const state = options.state.take(waiting.length === 0 ? appended : appended - waiting.length - 1);
    options.send(packer.pack(underWay.map(({ event }) => event)), state);
  }

  /** All that comes in this turn goes together. */
  function endTurn(): void {
    if (isUnderWay || turnEnds) return;
    turnEnds = true;
    setImmediate(sendNext);
  }

  function take(): { batch: readonly Waiting[]; bytes: number } {
    const batch = underWay;
    underWay = [];
    isUnderWay = false;
    const bytes = batch.reduce((sum, { event }) => sum + weigh(event), 0);
    queuedBytes -= bytes;
    return { batch, bytes };
  }

  function settle(): void {
    if (waiting.length > 0 || isUnderWay || options.state.wanted()) return;
    for (const resolve of onIdle.splice(0)) resolve();
  }

  /** A listener that throws must not keep the others from being told: its error is a bug, and thrown from a turn of its own. */
  function tell(done: Waiting["done"], outcome: AppendOutcome): void {
    try {
      done(outcome);
    } catch (error) {
      setImmediate(() => {
        throw error;
      });
    }
  }

  return {
    append(event, done) {
      const weight = weigh(event);
      const count = waiting.length + underWay.length;
      const busy = count > 0 && (count >= options.maxQueuedEvents || queuedBytes + weight > options.maxQueuedBytes);
      const no = refusal ?? (busy ? busyRefusal(count) : null);
      if (no !== null) {
        queueMicrotask(() => tell(done, { ok: false, refusal: no }));
        return false;
      }
      waiting.push({ event, done });
      appended += 1;
      queuedBytes += weight;
      endTurn();
      return true;
    },
    appended: () => appended,
    nudge: endTurn,
    committed(firstSeq, duplicates, buffers) {
      packer.recycle(buffers);
      const { batch, bytes } = take();
      if (batch.length > 0) options.onDurable(firstSeq, firstSeq + batch.length - 1, bytes);
      options.state.committed();
      sendNext(); // Before they are told, so that the writer does not wait for what the listeners do.
      const events: HubEvent[] = [];
      const firstOf = duplicates.length === 0 ? null : new Map(duplicates.map(({ index, seq }) => [index, seq]));
      for (const [index, { event, done }] of batch.entries()) {
        const seq = firstSeq + index;
        const duplicateOf = firstOf?.get(index);
        const stored: HubEvent = {
          ...(duplicateOf === undefined ? event : toDuplicate(event, duplicateOf)),
          seq,
          id: toEventId(options.logId, seq),
        };
        events.push(stored);
        tell(done, { ok: true, event: stored });
      }
      if (events.length > 0) options.onCommitted(events);
      settle();
    },
    notCommitted(why, buffers) {
      if (buffers) packer.recycle(buffers);
      const { batch } = take();
      options.state.notCommitted(why);
      sendNext();
      for (const { done } of batch) tell(done, { ok: false, refusal: why });
      settle();
    },
    refuseWith(why) {
      refusal = why;
    },
    queued: () => waiting.length + underWay.length,
    idle: () =>
      new Promise((resolve) => {
        if (waiting.length === 0 && !isUnderWay && !options.state.wanted()) resolve();
        else onIdle.push(resolve);
      }),
  };
}

/** An event that came before, as it is stored. */
function toDuplicate(event: NewEvent, duplicateOfSeq: number): NewEvent {
  const { head, delivery } = event;
  return { ...event, state: "duplicate", duplicateOfSeq, head: head && { ...head, status: delivery?.statusIfSeen ?? head.status } };
}

function weigh(event: NewEvent): number {
  return event.body.length + EVENT_OVERHEAD_BYTES;
}

function busyRefusal(queued: number): Refusal {
  return refuse("HUB_BUSY", `${queued} events are waiting to be stored already, as many as allowed. Send this one again in a moment.`)
    .refusal;
}
