import assert from "node:assert/strict";
import { test } from "node:test";
import { createSendingBudget, type Waiting } from "../../main/gateways/sending-budget.ts";

const KIB = 1024;

function peerWith(bytes: number): Waiting & { waitingBytes: number } {
  return { waitingBytes: bytes };
}

test("when slow peers hold too much together, what waits for them grows no more, and small amounts always may", () => {
  let now = 0;
  const budget = createSendingBudget(1000 * KIB, () => now);
  const slow = Array.from({ length: 20 }, () => peerWith(0));
  let refused = 0;
  for (let round = 0; round < 100; round += 1)
    for (const peer of slow) {
      if (budget.allows(peer, 10 * KIB)) peer.waitingBytes += 10 * KIB;
      else refused += 1;
      now += 1;
    }
  const held = slow.reduce((sum, { waitingBytes }) => sum + waitingBytes, 0);
  assert.ok(refused > 0 && held <= 1000 * KIB, `${held} bytes wait`);
  assert.ok(held > 800 * KIB, "the room there is was used");
  assert.ok(budget.allows(peerWith(0), 10 * KIB), "a peer for whom little waits is not affected");
});

test("there is room again when slow peers have taken what waited, or are gone", () => {
  let now = 0;
  const budget = createSendingBudget(100 * KIB, () => now);
  const slow = peerWith(99 * KIB);
  const gone = peerWith(50 * KIB);
  const other = peerWith(20 * KIB);
  budget.allows(slow, 0);
  assert.equal(budget.allows(gone, 0), false);
  slow.waitingBytes = 0;
  budget.forget(gone);
  now += 1000;
  assert.ok(budget.allows(other, 20 * KIB));
});
