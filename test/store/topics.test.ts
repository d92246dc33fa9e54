import assert from "node:assert/strict";
import { test } from "node:test";
import { KEEP_EVERYTHING } from "../../main/contract/settings.ts";
import { eventually } from "../support/eventually.ts";
import { appendAll, newEvent, testStores } from "../support/test-store.ts";

test("topics are listed by name below a prefix, each with its newest event", async (t) => {
  const { log } = await testStores(t).open();
  await appendAll(
    log,
    ["b", "a/2", "a/1", "a/2", "\u00e4/1", "a"].map((topic) => newEvent({ topic })),
  );
  const lists = async () => [
    await log.topics("", 10),
    await log.topics("a/", 10),
    await log.topics("a", 2),
    await log.topics("nothing", 10),
  ];
  const expected = [
    {
      topics: [
        { topic: "a", lastSeq: 6 },
        { topic: "a/1", lastSeq: 3 },
        { topic: "a/2", lastSeq: 4 },
        { topic: "b", lastSeq: 1 },
        { topic: "\u00e4/1", lastSeq: 5 },
      ],
      more: false,
    },
    {
      topics: [
        { topic: "a/1", lastSeq: 3 },
        { topic: "a/2", lastSeq: 4 },
      ],
      more: false,
    },
    {
      topics: [
        { topic: "a", lastSeq: 6 },
        { topic: "a/1", lastSeq: 3 },
      ],
      more: true,
    },
    { topics: [], more: false },
  ];
  assert.deepEqual(await lists(), expected);
  await eventually("the index has caught up", () => log.status().indexLag === 0);
  assert.deepEqual(await lists(), expected);
});

test("a topic whose events have been removed has none, and one with a retained event has that", async (t) => {
  const { log } = await testStores(t).open();
  await appendAll(log, [
    newEvent({ topic: "kept", retained: true }),
    ...Array.from({ length: 40 }, () => newEvent({ topic: "kept" })),
    ...Array.from({ length: 40 }, () => newEvent({ topic: "gone" })),
    newEvent({ topic: "new" }),
  ]);
  await eventually("the index has caught up", () => log.status().indexLag === 0);
  log.keep({ retention: { ...KEEP_EVERYTHING, keepEvents: 2 }, record: [] });
  await eventually("the oldest are removed", () => log.status().events === 2);
  assert.deepEqual((await log.topics("", 10)).topics, [
    { topic: "gone", lastSeq: 0 },
    { topic: "kept", lastSeq: 1 },
    { topic: "new", lastSeq: 82 },
  ]);
});
