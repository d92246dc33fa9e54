import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordRule } from "../../main/contract/settings.ts";
import { KEEP_EVERYTHING } from "../../main/contract/settings.ts";
import type { EventLog, HubEvent } from "../../main/hub/ports.ts";
import { append, appendAll, newEvent, testStores } from "../support/test-store.ts";

const keeping = (...record: RecordRule[]) => ({ retention: KEEP_EVERYTHING, record });

async function topicsKept(log: EventLog): Promise<[seq: number, topic: string][]> {
  const page = await log.query({ after: 0, limit: 1000 });
  assert.ok(page.ok);
  return page.value.events.map(({ seq, topic }) => [seq, topic]);
}

test("an event recorded with `none` is told to listeners after its commit, takes a seq, and is not in the log", async (t) => {
  const { log } = await testStores(t).open({ keeping: keeping({ filter: "debug/#", policy: "none" }) });
  const told: HubEvent[] = [];
  log.onCommitted((events) => told.push(...events));
  const stored = await appendAll(
    log,
    ["a", "debug/x", "b", "debug"].map((topic) => newEvent({ topic })),
  );
  assert.deepEqual(
    stored.map(({ seq }) => seq),
    [1, 2, 3, 4],
  );
  assert.deepEqual(
    told.map(({ topic }) => topic),
    ["a", "debug/x", "b", "debug"],
  );
  assert.deepEqual(await topicsKept(log), [
    [1, "a"],
    [3, "b"],
  ]);
  const gone = await log.get(stored[1]!.id);
  assert.ok(!gone.ok && gone.refusal.code === "EVENT_NOT_FOUND");
  assert.deepEqual([log.status().firstSeq, log.status().lastSeq, log.status().events], [1, 4, 2]);
});

test("the seq of an event that left no row is not given again after a restart", async (t) => {
  const stores = testStores(t);
  const options = { keeping: keeping({ filter: "#", policy: "none" }) };
  const first = await stores.open(options);
  await appendAll(first.log, [newEvent(), newEvent()]);
  assert.equal(first.log.status().firstSeq, 0);
  await first.close();
  const { log } = await stores.open(options);
  assert.equal(log.status().lastSeq, 2);
  const outcome = await append(log, newEvent());
  assert.ok(outcome.ok && outcome.event.seq === 3);
});

test("a follower that reads past events without a row comes to the end of the log", async (t) => {
  const { log } = await testStores(t).open({ keeping: keeping({ filter: "debug/#", policy: "none" }) });
  await appendAll(
    log,
    ["a", "debug/x", "debug/y"].map((topic) => newEvent({ topic })),
  );
  const slice = await log.read({ after: 0, filters: ["#"], maxEvents: 10, maxBytes: 1000 });
  assert.ok(slice.ok);
  assert.deepEqual([slice.value.events.map(({ seq }) => seq), slice.value.cursor, slice.value.more], [[1], 3, false]);
});

test("of a topic recorded with `last` only the newest event is kept, over commits, within one, and with a long body", async (t) => {
  const { log } = await testStores(t).open({ keeping: keeping({ filter: "state/+", policy: "last" }) });
  const body = Buffer.alloc(300_000, 7);
  for (let round = 0; round < 3; round += 1) await append(log, newEvent({ topic: "state/a", body, size: body.length }));
  await appendAll(
    log,
    ["state/a", "state/b", "state/a", "other", "state/b"].map((topic) => newEvent({ topic })),
  );
  assert.deepEqual(await topicsKept(log), [
    [6, "state/a"],
    [7, "other"],
    [8, "state/b"],
  ]);
  assert.equal(log.status().events, 3);
});

test("the first rule that matches decides", async (t) => {
  const { log } = await testStores(t).open({
    keeping: keeping({ filter: "debug/keep", policy: "all" }, { filter: "debug/#", policy: "none" }, { filter: "#", policy: "last" }),
  });
  await appendAll(
    log,
    ["debug/keep", "debug/keep", "debug/drop", "x", "x"].map((topic) => newEvent({ topic })),
  );
  assert.deepEqual(await topicsKept(log), [
    [1, "debug/keep"],
    [2, "debug/keep"],
    [5, "x"],
  ]);
});

test("a retained event is kept whatever its topic's policy, until another takes its place or it is cleared", async (t) => {
  const { log } = await testStores(t).open({
    keeping: keeping({ filter: "s/none", policy: "none" }, { filter: "s/last", policy: "last" }),
  });
  for (const topic of ["s/none", "s/last"]) {
    await append(log, newEvent({ topic, retained: true }));
    await append(log, newEvent({ topic }));
  }
  assert.deepEqual(await topicsKept(log), [
    [1, "s/none"],
    [3, "s/last"],
    [4, "s/last"],
  ]);
  assert.deepEqual(
    (await log.retained()).map(({ seq }) => seq),
    [1, 3],
  );
  await append(log, newEvent({ topic: "s/none", retained: true }));
  await append(log, newEvent({ topic: "s/last", retained: true }));
  assert.deepEqual(
    (await topicsKept(log)).map(([seq]) => seq),
    [5, 6],
  );
  await append(log, newEvent({ topic: "s/none", retained: true, body: Buffer.alloc(0) }));
  assert.deepEqual(
    (await topicsKept(log)).map(([seq]) => seq),
    [6],
  );
  assert.equal(log.status().events, 1);
});

test("rules that change are about the events from then on", async (t) => {
  const { log } = await testStores(t).open();
  await append(log, newEvent({ topic: "a" }));
  log.keep(keeping({ filter: "a", policy: "none" }));
  await append(log, newEvent({ topic: "a" }));
  log.keep(keeping());
  await append(log, newEvent({ topic: "a" }));
  assert.deepEqual(
    (await topicsKept(log)).map(([seq]) => seq),
    [1, 3],
  );
});

test("a pinned event of a topic recorded with `last` stays beside the newest", async (t) => {
  const { log } = await testStores(t).open({ keeping: keeping({ filter: "a", policy: "last" }) });
  const [first] = await appendAll(log, [newEvent({ topic: "a" })]);
  assert.ok((await log.pin(first!.id, true)).ok);
  await append(log, newEvent({ topic: "a" }));
  await append(log, newEvent({ topic: "a" }));
  assert.deepEqual(
    (await topicsKept(log)).map(([seq]) => seq),
    [1, 3],
  );
});
