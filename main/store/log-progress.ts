/**
 * How far log and index have come, shared between the threads so that a commit need not send anyone a message.
 * The background says when it goes to sleep; only then is it sent one.
 */
export interface LogProgress {
  readonly shared: SharedArrayBuffer;
  committedSeq(): number;
  /** Bytes that commits have written since the start, about. */
  committedBytes(): number;
  indexedSeq(): number;
  commit(seq: number, bytes: number): void;
  indexed(seq: number): void;
  /** Events removed since the start, of which the index may still know. */
  removedEvents(): number;
  removed(count: number): void;
  sleep(): void;
  /** Says whether the background was asleep, and takes it as awake from now on. */
  wake(): boolean;
}

const COMMITTED = 0;
const BYTES = 1;
const INDEXED = 2;
const ASLEEP = 3;
const REMOVED = 4;
const CELLS = 5;

export function createLogProgress(shared: SharedArrayBuffer = new SharedArrayBuffer(CELLS * BigInt64Array.BYTES_PER_ELEMENT)): LogProgress {
  const cells = new BigInt64Array(shared);
  return {
    shared,
    committedSeq: () => Number(Atomics.load(cells, COMMITTED)),
    committedBytes: () => Number(Atomics.load(cells, BYTES)),
    indexedSeq: () => Number(Atomics.load(cells, INDEXED)),
    commit(seq, bytes) {
      Atomics.store(cells, COMMITTED, BigInt(seq));
      Atomics.add(cells, BYTES, BigInt(bytes));
    },
    indexed: (seq) => void Atomics.store(cells, INDEXED, BigInt(seq)),
    removedEvents: () => Number(Atomics.load(cells, REMOVED)),
    removed: (count) => void Atomics.store(cells, REMOVED, BigInt(count)),
    sleep: () => void Atomics.store(cells, ASLEEP, 1n),
    wake: () => Atomics.exchange(cells, ASLEEP, 0n) === 1n,
  };
}
