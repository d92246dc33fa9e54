import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { generateEvents, START_AT } from "../support/generated-events.ts";
import { expectedSeqs } from "../support/query-oracle.ts";
import { createSeededRandom } from "../support/seeded-random.ts";
import { appendAll, newEvent, testStores } from "../support/test-store.ts";

test("without a filter every event is counted in the bucket of its time", async (t) => {
  const { log } = await testStores(t).open();
  await appendAll(
    log,
    [0, 0, 1, 5, 9, 9, 9, 10, 49, 50, 51, 99, 100].map((at) => newEvent({ receivedAt: 1000 + at })),
  );
  const timeline = await log.timeline(1000, 1100, 10, undefined);
  assert.ok(timeline.ok);
  assert.deepEqual(timeline.value, { from: 1000, to: 1100, counts: [7, 1, 0, 0, 1, 2, 0, 0, 0, 1], complete: true, countedFrom: 1000 });
  const later = await log.timeline(5000, 6000, 3, undefined);
  assert.ok(later.ok);
  assert.deepEqual(later.value.counts, [0, 0, 0]);
});

test("with a filter exactly those that pass are counted, with the index and without", async (t) => {
  const { log } = await testStores(t).open();
  const events = await appendAll(log, generateEvents(createSeededRandom(3), 1200));
  const [from, to, buckets] = [START_AT + 100_000, START_AT + 1_000_000, 9];
  const assertCounts = async (): Promise<void> => {
    for (const filter of [
      "protocol:webhook",
      "topic:sensors/#",
      "gamma",
      "-gamma",
      "alph*",
      '"alpha beta"',
      "status:>=400 paid",
      "direction:out",
      "source:nobody",
    ]) {
      const seqs = new Set(expectedSeqs(events, `${filter} after:${from} before:${to}`, log.status().id));
      const counts = Array<number>(buckets).fill(0);
      for (const event of events) if (seqs.has(event.seq)) counts[Math.floor((event.receivedAt - from) / 100_000)]! += 1;
      const timeline = await log.timeline(from, to, buckets, filter);
      assert.ok(timeline.ok);
      assert.deepEqual(timeline.value, { from, to, counts, complete: true, countedFrom: from }, filter);
    }
  };
  await assertCounts();
  await eventually("the index has caught up", () => log.status().indexLag === 0);
  await assertCounts();
});

test("a count that would take too long says from when on it is complete", async (t) => {
  const { log } = await testStores(t).open();
  const body = Buffer.from("lorem ipsum ".repeat(1300));
  const events = await appendAll(
    log,
    Array.from({ length: 3000 }, (_, index) => newEvent({ receivedAt: 1000 + index, body })),
  );
  const timeline = await log.timeline(1000, 4000, 30, '"ipsum lorem"');
  assert.ok(timeline.ok);
  const { counts, complete, countedFrom } = timeline.value;
  assert.equal(complete, false);
  assert.ok(countedFrom > 1000 && countedFrom <= 4000);
  const known = counts.filter((_, index) => 1000 + index * 100 >= countedFrom);
  assert.deepEqual(known, Array(known.length).fill(100));
  assert.equal(
    counts.reduce((sum, one) => sum + one, 0),
    known.length * 100,
    "what is unknown counts as nothing",
  );
  assert.equal(events.length, 3000);
});

test("a timeline that goes nowhere is refused", async (t) => {
  const { log } = await testStores(t).open();
  const backward = await log.timeline(2000, 1000, 10, undefined);
  assert.ok(!backward.ok && backward.refusal.code === "PARAMS_INVALID");
  const wrong = await log.timeline(1000, 2000, 10, "verdict:maybe");
  assert.ok(!wrong.ok && wrong.refusal.code === "FILTER_INVALID");
});
