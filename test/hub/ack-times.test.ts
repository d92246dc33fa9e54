import assert from "node:assert/strict";
import { test } from "node:test";
import { createAckTimes } from "../../main/hub/ack-times.ts";

test("of a thousand waits the median and the 99th of a hundred are told to within an eighth", () => {
  const times = createAckTimes();
  for (let n = 1; n <= 1000; n += 1) times.note("shop", n, n, 900);
  const { count, p50Ms, p99Ms, maxMs, late } = times.of("shop")!;
  assert.deepEqual({ count, maxMs, late }, { count: 1000, maxMs: 1000, late: 100 });
  assert.ok(p50Ms >= 500 && p50Ms <= 500 * 1.25, String(p50Ms));
  assert.ok(p99Ms >= 990 && p99Ms <= 1000, String(p99Ms));
});

test("waits beyond every bound, and none at all, are counted as well", () => {
  const times = createAckTimes();
  times.note("shop", 1, 0, null);
  times.note("shop", 2, 10_000_000, null);
  const { count, p50Ms, p99Ms, maxMs, late } = times.of("shop")!;
  assert.deepEqual({ count, maxMs, late }, { count: 2, maxMs: 10_000_000, late: 0 });
  assert.ok(p50Ms <= 0.25);
  assert.ok(p99Ms > 100_000);
});

test("of an event its wait is known until many others have come; of an unknown source nothing is", () => {
  const times = createAckTimes();
  times.note("shop", 7, 12.345, null);
  assert.equal(times.ofEvent(7), 12.35);
  assert.equal(times.ofEvent(8), null);
  for (let seq = 8; seq < 8 + 10_000; seq += 1) times.note("shop", seq, 1, null);
  assert.equal(times.ofEvent(7), null);
  assert.equal(times.of("zoo"), null);
  times.forget("shop");
  assert.equal(times.of("shop"), null);
});
