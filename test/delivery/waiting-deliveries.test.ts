import assert from "node:assert/strict";
import { test } from "node:test";
import { createWaitingDeliveries, type OwedDelivery } from "../../main/delivery/waiting-deliveries.ts";

const owed = (id: number, lane: string | null = null): OwedDelivery => ({ id, seq: id, lane, attempts: 0, failures: 0 });

test("deliveries come in order of when they are due, older ones first", () => {
  const waiting = createWaitingDeliveries();
  for (const [id, dueAt] of [
    [3, 50],
    [1, 20],
    [4, 20],
    [2, 90],
  ] as const)
    waiting.add(owed(id), dueAt);
  assert.equal(waiting.nextDueAt(), 20);
  assert.equal(waiting.take(19), null);
  assert.deepEqual(
    [20, 20, 60, 90].map((now) => waiting.take(now)?.id),
    [1, 4, 3, 2],
  );
  assert.equal(waiting.size, 0);
});

test("in a lane the next has its turn only when the one before is finished, however often that is tried", () => {
  const waiting = createWaitingDeliveries();
  const [first, second, other] = [owed(1, "shop"), owed(2, "shop"), owed(3, "bank")];
  for (const delivery of [first, second, other]) waiting.add(delivery, 0);
  assert.equal(waiting.size, 3);
  assert.equal(waiting.take(0), first);
  assert.equal(waiting.take(0), other);
  assert.equal(waiting.take(0), null);
  waiting.add(first, 100);
  assert.equal(waiting.take(99), null);
  assert.equal(waiting.take(100), first);
  waiting.release(first);
  assert.equal(waiting.take(100), second);
  waiting.release(second);
  assert.equal(waiting.size, 0);
  waiting.add(owed(4, "shop"), 0);
  assert.equal(waiting.take(0)?.id, 4);
});
