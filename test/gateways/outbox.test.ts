import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { test } from "node:test";
import { createFlusher, Outbox, type OutboxTarget } from "../../main/gateways/outbox.ts";
import { createSendingBudget, DEFAULT_SENDING_BYTES } from "../../main/gateways/sending-budget.ts";

const PIECE_BYTES = 50_000;
/** More than is joined into one write, in pieces that are each below a socket's high-water mark. */
const PIECES = Array.from({ length: 8 }, () => Buffer.alloc(PIECE_BYTES));

/** Answers as Node's ServerResponse does when it is corked; `left` is what the system does not take at once. */
class CorkedAnswer extends EventEmitter implements OutboxTarget {
  writableLength = 0;
  readonly #left: number;

  constructor(left: number) {
    super();
    this.#left = left;
  }

  write(bytes: Buffer): boolean {
    this.writableLength += bytes.length;
    return this.writableLength < 65_536;
  }

  cork(): void {}

  uncork(): void {
    this.writableLength = this.#left;
    if (this.#left === 0) this.emit("drain");
  }

  drain(): void {
    this.writableLength = 0;
    this.emit("drain");
  }
}

function fill(target: OutboxTarget): EventEmitter {
  const told = new EventEmitter();
  const outbox = new Outbox({
    target,
    flusher: createFlusher(),
    sending: createSendingBudget(DEFAULT_SENDING_BYTES, () => 0),
    maxQueuedBytes: 4 * 1024 * 1024,
    onOverflow: () => assert.fail("it is within its bound"),
    onRoom: () => told.emit("room"),
  });
  outbox.push(...PIECES);
  assert.equal(outbox.hasRoom(), false);
  return told;
}

test("there is room again when the target has emitted drain while it was uncorked", { timeout: 5000 }, async () => {
  await once(fill(new CorkedAnswer(0)), "room");
});

test("there is room again when so little is left that the target emits no drain", { timeout: 5000 }, async () => {
  await once(fill(new CorkedAnswer(PIECE_BYTES)), "room");
});

test("while much is left, there is no room before the drain", { timeout: 5000 }, async () => {
  const target = new CorkedAnswer(7 * PIECE_BYTES);
  const told = fill(target);
  let drained = false;
  const room = once(told, "room").then(() => assert.ok(drained));
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  drained = true;
  target.drain();
  await room;
});

test("asking for room many times waits for one drain, with one listener, and is told once", () => {
  const target = new CorkedAnswer(7 * PIECE_BYTES);
  let told = 0;
  const outbox = new Outbox({
    target,
    flusher: createFlusher(),
    sending: createSendingBudget(DEFAULT_SENDING_BYTES, () => 0),
    maxQueuedBytes: 4 * 1024 * 1024,
    onOverflow: () => assert.fail("it is within its bound"),
    onRoom: () => (told += 1),
  });
  outbox.push(...PIECES);
  outbox.flush();
  for (let n = 0; n < 100; n += 1) assert.equal(outbox.hasRoom(), false);
  assert.equal(target.listenerCount("drain"), 1);
  target.drain();
  assert.equal(told, 1);
});
