import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventSummary } from "../../main/contract/event.ts";
import { EMPTY_SLICE, MAX_SLICE, addNewer, addOlder, indexOfSeq, startSlice } from "../../renderer/state/event-slice.ts";
import { MAX_PENDING, addPending, startPending } from "../../renderer/state/pending-events.ts";
import { addTimes, advanceTo, bucketLength, bucketsUpTo } from "../../renderer/state/time-buckets.ts";
import { backOffMs } from "../../renderer/link/back-off.ts";

/** Only what a slice looks at. */
const event = (seq: number): EventSummary => ({ seq, id: `log-${seq.toString(36)}` }) as EventSummary;
const run = (from: number, to: number): EventSummary[] => Array.from({ length: to - from + 1 }, (_, at) => event(from + at));
const seqs = (events: readonly EventSummary[]): number[] => events.map((one) => one.seq);

test("newer events go in at the end, each once, and the oldest fall out above the bound", () => {
  let slice = startSlice(run(1, 3), 3, 0);
  slice = addNewer(slice, run(2, 5), 5);
  assert.deepEqual(seqs(slice.events), [1, 2, 3, 4, 5]);
  assert.equal(slice.shift, 2);
  slice = addNewer(slice, run(6, MAX_SLICE + 10), MAX_SLICE + 10);
  assert.equal(slice.events.length, MAX_SLICE);
  assert.equal(slice.events[0]!.seq, 11);
  assert.equal(slice.atOldest, false);
  assert.equal(slice.olderCursor, 11);
});

test("a page of older events goes in at the front, and the newest fall out above the bound", () => {
  let slice = startSlice(run(MAX_SLICE, 2 * MAX_SLICE - 1), 2 * MAX_SLICE - 1, 7);
  slice = addOlder(slice, { events: run(MAX_SLICE - 3, MAX_SLICE - 1).toReversed(), cursor: MAX_SLICE - 3, more: true });
  assert.equal(slice.events.length, MAX_SLICE);
  assert.equal(slice.events[0]!.seq, MAX_SLICE - 3);
  assert.equal(slice.newestSeq, 2 * MAX_SLICE - 4);
  assert.equal(slice.shift, 4);
  assert.equal(addOlder(slice, { events: [], cursor: 0, more: false }).atOldest, true);
});

test("the end of a page without matches is remembered, so that searching goes on from there", () => {
  const slice = addOlder(EMPTY_SLICE, { events: [], cursor: 500, more: true });
  assert.equal(slice.olderCursor, 500);
  assert.equal(slice.atOldest, false);
});

test("an event is found by its seq, whatever gaps lie between", () => {
  const events = [3, 8, 9, 40].map(event);
  assert.deepEqual(
    [3, 8, 9, 40, 1, 10, 41].map((seq) => indexOfSeq(events, seq)),
    [0, 1, 2, 3, -1, -1, -1],
  );
});

test("what waits is counted in full and kept in part, and says from where it is complete", () => {
  let pending = addPending(startPending(10), run(11, 20));
  assert.deepEqual([pending.count, pending.completeFrom, pending.events.length], [10, 10, 10]);
  pending = addPending(pending, run(21, 20 + MAX_PENDING));
  assert.deepEqual([pending.count, pending.completeFrom, pending.events.length], [10 + MAX_PENDING, 20, MAX_PENDING]);
});

test("time buckets move on with the clock and keep what stays in sight", () => {
  const first = addTimes(bucketsUpTo(1_000_000, 300_000), [1_000_000, 1_000_001, 999_000]);
  const moved = advanceTo(first, 1_000_000 + 10_000);
  assert.equal(
    moved.counts.reduce((sum, count) => sum + count, 0),
    3,
  );
  assert.ok(moved.to > 1_010_000 && moved.to - moved.from === 300_000);
  assert.equal(bucketLength(moved), 2500);
  assert.equal(advanceTo(first, 1_000_000), first);
  const gone = advanceTo(first, 2_000_000);
  assert.ok(gone.counts.every((count) => count === 0) && gone.to > 2_000_000);
  assert.deepEqual(addTimes(first, [0, 99_999_999]).counts, first.counts);
});

test("pauses between attempts grow to ten seconds and are never all the same", () => {
  assert.equal(
    backOffMs(1, () => 0),
    125,
  );
  assert.equal(
    backOffMs(1, () => 1),
    250,
  );
  assert.equal(
    backOffMs(50, () => 1),
    10_000,
  );
  assert.ok(backOffMs(3, () => 0.2) !== backOffMs(3, () => 0.9));
});
