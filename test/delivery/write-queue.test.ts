import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeliveryWrite } from "../../main/hub/ports.ts";
import { createWriteQueue } from "../../main/delivery/write-queue.ts";
import { eventually } from "../support/eventually.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { createRecordingLogger } from "../support/recording-logger.ts";

const step = (cursor: number): DeliveryWrite => ({ t: "cursor", endpointId: 1, cursor });

function setUp() {
  const clock = createFakeClock();
  const tried: number[][] = [];
  let full = true;
  const store = {
    write: async (writes: readonly DeliveryWrite[]) => {
      tried.push(writes.map((one) => (one.t === "cursor" ? one.cursor : -1)));
      return full ? { code: "STORE_FULL" as const, message: "The disk is full." } : null;
    },
  };
  const queue = createWriteQueue({ store, clock, logger: createRecordingLogger() });
  return { clock, queue, tried, free: () => (full = false) };
}

test("while the disk is full a step is tried again, and what comes meanwhile goes behind it", async () => {
  const { clock, queue, tried, free } = setUp();
  const first = queue.put([step(1)]);
  const others = [queue.put([step(2)]), queue.put([step(3)])];
  await eventually("it waits to try again", () => clock.pending() === 1);
  free();
  clock.advance(1000);
  assert.deepEqual(await Promise.all([first, ...others]), [true, true, true]);
  assert.deepEqual(tried, [[1], [1], [2, 3]]);
});

test("a queue that is closed tries once more and then says that it was in vain", async () => {
  const { clock, queue, tried } = setUp();
  const put = queue.put([step(1)]);
  await eventually("it waits to try again", () => clock.pending() === 1);
  await queue.close();
  assert.equal(await put, false);
  assert.deepEqual(tried, [[1], [1]]);
});
