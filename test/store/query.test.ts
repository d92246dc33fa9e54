import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { generateEvents, generateFilter } from "../support/generated-events.ts";
import { assertFinds } from "../support/query-oracle.ts";
import { createSeededRandom } from "../support/seeded-random.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { appendAll, newEvent, newHead, testStores } from "../support/test-store.ts";

const SEEDS = [1, 20_251, 777_777];

for (const seed of SEEDS)
  test(`pages of any filter hold exactly the events that pass, in both directions, with the index and behind it (seed ${seed})`, async (t) => {
    const random = createSeededRandom(seed);
    const { log } = await testStores(t).open();
    const events = await appendAll(log, generateEvents(random, 1500));
    const filters = Array.from({ length: 60 }, () => generateFilter(random));
    for (const filter of filters.slice(0, 15)) await assertFinds(log, events, filter, 1 + random.below(80)); // The index is on its way.
    await eventually("the index has caught up", () => log.status().indexLag === 0);
    const found = new Set<number>();
    for (const filter of ["", ...filters]) found.add(await assertFinds(log, events, filter, 1 + random.below(80)));
    assert.ok(found.size > 20, "the filters find many different things");
    events.push(...(await appendAll(log, generateEvents(random, 40)))); // Some the index does not know yet.
    for (const filter of filters.slice(0, 20)) await assertFinds(log, events, filter, 1 + random.below(80));
  });

test("what is rare is found across many windows of the log, whichever way it is looked up", async (t) => {
  const { log } = await testStores(t).open();
  const events = await appendAll(
    log,
    Array.from({ length: 20_000 }, (_, index) =>
      newEvent({
        receivedAt: 1_700_000_000_000 + index * 10,
        topic: index % 9000 === 77 ? "rare/topic" : `sensors/${index % 50}`,
        source: index % 7001 === 3 ? "rare" : null,
        verdict: index % 6007 === 11 ? "failed" : "not-configured",
        body: Buffer.from(index % 5003 === 9 ? "needle" : `hay ${index % 3}`),
        retained: index === 19_000,
      }),
    ),
  );
  const filters = [
    "topic:rare/#",
    "source:rare",
    "verdict:failed",
    "needle",
    "need*",
    "size:=6",
    "sensors needle",
    "topic:sensors/9 needle",
    "topic:sensors/# hay",
    "hay 2",
  ];
  const times = ["after:1700000100000 before:1700000101000", "before:1700000000500", "after:1700000199000 hay", "after:1800000000000"];
  for (const indexed of [false, true]) {
    if (indexed) await eventually("the index has caught up", () => log.status().indexLag === 0);
    for (const filter of [...filters, ...times]) await assertFinds(log, events, filter, 700);
  }
});

test("a page goes forward from `after` or back from `before`, both exclusive, and says where to go on", async (t) => {
  const { log } = await testStores(t).open();
  await appendAll(
    log,
    Array.from({ length: 10 }, () => newEvent()),
  );
  const seqs = async (query: Parameters<typeof log.query>[0]) => {
    const page = await log.query(query);
    assert.ok(page.ok);
    const { events, cursor, last, more } = page.value;
    return { seqs: events.map(({ seq }) => seq), cursor, last, more };
  };
  assert.deepEqual(await seqs({ after: 3, limit: 4 }), { seqs: [4, 5, 6, 7], cursor: 7, last: 10, more: true });
  assert.deepEqual(await seqs({ after: 7, limit: 4 }), { seqs: [8, 9, 10], cursor: 10, last: 10, more: false });
  assert.deepEqual(await seqs({ after: 10 }), { seqs: [], cursor: 10, last: 10, more: false });
  assert.deepEqual(await seqs({ after: 99 }), { seqs: [], cursor: 99, last: 10, more: false });
  assert.deepEqual(await seqs({ before: 4, limit: 2 }), { seqs: [3, 2], cursor: 2, last: 10, more: true });
  assert.deepEqual(await seqs({ before: 2, limit: 2 }), { seqs: [1], cursor: 1, last: 10, more: false });
  assert.deepEqual(await seqs({ before: 1 }), { seqs: [], cursor: 1, last: 10, more: false });
  assert.deepEqual(await seqs({ limit: 2 }), { seqs: [10, 9], cursor: 9, last: 10, more: true });
  assert.deepEqual(await seqs({ before: 1_000_000, limit: 1 }), { seqs: [10], cursor: 10, last: 10, more: true });
});

test("an empty log has an empty first page in both directions", async (t) => {
  const { log } = await testStores(t).open();
  for (const query of [{}, { after: 0 }, { before: 5 }, { filter: "protocol:mqtt" }]) {
    const page = await log.query(query);
    assert.ok(page.ok);
    assert.deepEqual([page.value.events, page.value.last, page.value.more], [[], 0, false]);
  }
});

test("what cannot be asked is refused: both directions at once, and a filter that is none", async (t) => {
  const { log } = await testStores(t).open();
  const both = await log.query({ after: 1, before: 9 });
  assert.ok(!both.ok && both.refusal.code === "PARAMS_INVALID");
  const wrong = await log.query({ filter: "protocol:pigeon" });
  assert.ok(!wrong.ok && wrong.refusal.code === "FILTER_INVALID");
});

test("header lines come with a page only when asked for", async (t) => {
  const { log } = await testStores(t).open();
  await appendAll(log, [newEvent({ head: newHead() }), newEvent()]);
  const without = await log.query({ after: 0 });
  const withThem = await log.query({ after: 0, headers: true });
  assert.ok(without.ok && withThem.ok);
  assert.deepEqual(
    without.value.events.map(({ headers }) => headers),
    [undefined, undefined],
  );
  assert.deepEqual(
    withThem.value.events.map(({ headers }) => headers),
    [newHead().headers, []],
  );
});

test("a page whose header lines grow too long ends early, and the next goes on from it", async (t) => {
  const { log } = await testStores(t).open();
  const head = newHead({ headers: [["X-Long", "y".repeat(1024 * 1024)]] });
  await appendAll(
    log,
    Array.from({ length: 4 }, () => newEvent({ head })),
  );
  const first = await log.query({ after: 0, headers: true });
  assert.ok(first.ok);
  assert.ok(first.value.more);
  const second = await log.query({ after: first.value.cursor, headers: true });
  assert.ok(second.ok);
  assert.ok(first.value.events.length < 4);
  assert.deepEqual(
    [...first.value.events, ...second.value.events].map(({ seq }) => seq),
    [1, 2, 3, 4],
  );
});

test("a page of long topics and long targets ends early too, so that no answer is longer than two mebibytes or so", async (t) => {
  const { log } = await testStores(t).open();
  const head = newHead({ target: `/in/any?${"q".repeat(2000)}` });
  const contentType = `text/plain; x=${"c".repeat(2000)}`;
  await appendAll(
    log,
    Array.from({ length: 1000 }, (_, index) => newEvent({ head, contentType, topic: `${index}/${"t".repeat(1000)}` })),
  );
  const page = await log.query({ after: 0, limit: 1000 });
  assert.ok(page.ok && page.value.more);
  const length = JSON.stringify(page.value).length;
  assert.ok(length < 2.5 * 1024 * 1024, `${length} characters`);
  assert.equal(page.value.cursor, page.value.events.length);
});

test("relative times in a filter count from the log's own clock", async (t) => {
  const now = 1_700_000_000_000;
  const { log } = await testStores(t).open({ clock: { ...systemClock, now: () => now } });
  await appendAll(log, [newEvent({ receivedAt: now - 7_200_000 }), newEvent({ receivedAt: now - 60_000 })]);
  const page = await log.query({ filter: "after:-1h" });
  assert.ok(page.ok);
  assert.deepEqual(
    page.value.events.map(({ seq }) => seq),
    [2],
  );
});

test("a page of a search with long bodies and no index is answered within its bound, and goes on to the end", async (t) => {
  const { log } = await testStores(t).open();
  const body = Buffer.from("lorem ipsum ".repeat(1300));
  const events = await appendAll(
    log,
    Array.from({ length: 3000 }, (_, index) => newEvent({ body: index === 5 ? Buffer.from("needle") : body })),
  );
  await assertFinds(log, events, "needle", 10);
});
