import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRetryAfter } from "../../main/delivery/retry-after.ts";
import { MAX_RETRY_AFTER_MS, nextDelayMs, SCHEDULE_MS } from "../../main/delivery/retry-policy.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

test("attempts follow the schedule of Standard Webhooks, and end with the tenth", () => {
  const seconds = SCHEDULE_MS.map((_, failures) => (nextDelayMs(failures, null, 0) ?? Number.NaN) / 1000);
  assert.deepEqual(seconds, [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
  assert.equal(nextDelayMs(10, null, 0), null);
});

test("jitter makes an attempt later by at most a fifth, and never earlier", () => {
  assert.equal(nextDelayMs(1, null, 1), 6000);
  assert.equal(nextDelayMs(1, null, 0.5), 5500);
});

test("a target that asks for more time than the schedule gives is given it, up to a day", () => {
  assert.equal(nextDelayMs(1, 60_000, 0), 60_000);
  assert.equal(nextDelayMs(2, 60_000, 0), 300_000);
  assert.equal(nextDelayMs(1, Number.MAX_SAFE_INTEGER, 0), MAX_RETRY_AFTER_MS);
  assert.equal(nextDelayMs(10, 60_000, 0), null);
});

test("Retry-After is understood in seconds and in the three forms of a date", () => {
  assert.equal(parseRetryAfter("120", NOW), 120_000);
  assert.equal(parseRetryAfter(" 0 ", NOW), 0);
  assert.equal(parseRetryAfter("Fri, 02 Jan 2026 03:05:05 GMT", NOW), 60_000);
  assert.equal(parseRetryAfter("Friday, 02-Jan-26 03:05:05 GMT", NOW), 60_000);
  assert.equal(parseRetryAfter("Fri Jan  2 03:05:05 2026", NOW), 60_000);
  assert.equal(parseRetryAfter("Thu, 01 Jan 2026 00:00:00 GMT", NOW), 0);
});

test("Retry-After is bounded, and what cannot be understood says nothing", () => {
  assert.equal(parseRetryAfter("99999999999999999999", NOW), MAX_RETRY_AFTER_MS);
  assert.equal(parseRetryAfter("Fri, 02 Jan 2099 03:05:05 GMT", NOW), MAX_RETRY_AFTER_MS);
  for (const text of [undefined, "", "-5", "1.5", "soon", "2026-01-02", "Infinity", "0x10"])
    assert.equal(parseRetryAfter(text, NOW), null, text);
});
