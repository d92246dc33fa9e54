import assert from "node:assert/strict";
import { test } from "node:test";
import { createEndpointHealth } from "../../main/delivery/endpoint-health.ts";

function setUp(ratePerSecond: number | null = null) {
  let now = 0;
  const health = createEndpointHealth({ concurrency: 4, ratePerSecond, now: () => now, random: () => 1 });
  return { health, pass: (ms: number) => (now += ms) };
}

function fail(health: ReturnType<typeof setUp>["health"], times: number, throttled = false, retryAfterMs: number | null = null): void {
  for (let n = 0; n < times; n += 1) {
    health.onBegin();
    health.onFailure(throttled, retryAfterMs);
  }
}

test("after eight failures in a row an endpoint is left alone, then tried by one request", () => {
  const { health, pass } = setUp();
  fail(health, 7);
  assert.equal(health.circuit, "closed");
  fail(health, 1);
  assert.deepEqual([health.circuit, health.room(), health.waitMs()], ["open", 0, 5000]);
  pass(5000);
  assert.deepEqual([health.circuit, health.room(), health.waitMs()], ["half-open", 1, null]);
  health.onBegin();
  assert.equal(health.room(), 0);
  health.onSuccess();
  assert.deepEqual([health.circuit, health.room()], ["closed", 4]);
});

test("each trial that fails doubles the rest, up to five minutes", () => {
  const { health, pass } = setUp();
  fail(health, 8);
  const rests: number[] = [];
  for (let n = 0; n < 9; n += 1) {
    const rest = health.waitMs() ?? 0;
    rests.push(rest / 1000);
    pass(rest);
    fail(health, 1);
  }
  assert.deepEqual(rests, [5, 10, 20, 40, 80, 160, 300, 300, 300]);
});

test("an open circuit is tried at once when somebody says that it is worth it", () => {
  const { health } = setUp();
  fail(health, 8);
  health.tryNow();
  assert.deepEqual([health.circuit, health.room()], ["half-open", 1]);
});

test("a success between failures keeps it closed", () => {
  const { health } = setUp();
  fail(health, 7);
  health.onBegin();
  health.onSuccess();
  fail(health, 7);
  assert.equal(health.circuit, "closed");
});

test("a target that asks for less is paused as long as it says and then sent half as much, growing again with each success", () => {
  const { health, pass } = setUp();
  fail(health, 1, true, 30_000);
  assert.deepEqual([health.room(), health.waitMs(), health.circuit], [0, 30_000, "closed"]);
  pass(30_000);
  assert.equal(health.room(), 2);
  health.onBegin();
  health.onSuccess();
  assert.equal(health.room(), 3);
  fail(health, 1, true);
  assert.equal(health.waitMs(), 1000);
});

test("no more requests begin in a second than the rate allows", () => {
  const { health, pass } = setUp(2);
  const begun: number[] = [];
  for (let second = 0; second < 3; second += 1) {
    let count = 0;
    for (; health.room() > 0; count += 1) {
      health.onBegin();
      health.onSuccess();
    }
    begun.push(count);
    assert.equal(health.waitMs(), 500);
    pass(1000);
  }
  assert.deepEqual(begun, [2, 2, 2]);
});
