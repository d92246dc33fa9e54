import assert from "node:assert/strict";
import { test } from "node:test";
import { createProgressBar } from "../../main/cli/progress-bar.ts";
import { createFakeIo } from "../support/fake-io.ts";

test("on a terminal the bar shows how much is done, not more often than the eye can see, and goes away", () => {
  const io = createFakeIo({ isTTY: true });
  let now = 0;
  const bar = createProgressBar(io.stderr, "salvage", { monotonic: () => now });
  bar.update(0, 1000);
  bar.update(1, 1000);
  now = 100;
  bar.update(500, 1000);
  bar.update(1000, 1000);
  bar.end();
  const frames = io.err().split("\r\u001b[K");
  assert.equal(frames.length, 5);
  assert.match(frames[2] ?? "", /^salvage {2}█+░+ {3}50% {2}500 of 1,000$/);
  assert.match(frames[3] ?? "", /^salvage {2}█+ {2}100%/);
  assert.equal(frames[4], "");
});

test("elsewhere it writes nothing", () => {
  const io = createFakeIo();
  const bar = createProgressBar(io.stderr, "salvage", { monotonic: () => 0 });
  bar.update(1, 2);
  bar.end();
  assert.equal(io.err(), "");
});
