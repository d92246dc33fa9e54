import assert from "node:assert/strict";
import { test } from "node:test";
import type { StateStore } from "../../main/hub/ports.ts";
import { append, newEvent, testStores } from "../support/test-store.ts";

const flush = (state: StateStore): Promise<unknown> => new Promise((resolve) => state.flush(resolve));
const all = (state: StateStore, prefix: string): [string, string][] =>
  [...state.all(prefix)].map(([key, value]) => [key, Buffer.from(value).toString()]);

test("rows that were flushed are there after a restart, in order of key, by prefix", async (t) => {
  const stores = testStores(t);
  const first = await stores.open();
  first.state.put("a/2", Buffer.from("two"));
  first.state.put("b/1", Buffer.from("other"));
  first.state.put("a/1", Buffer.from("draft"));
  first.state.put("a/1", Buffer.from("one"));
  first.state.put("a/3", Buffer.from("three"));
  assert.equal(await flush(first.state), null);
  first.state.put("a/3", null);
  assert.equal(await flush(first.state), null);
  await first.close();
  const second = await stores.open();
  assert.deepEqual(all(second.state, "a/"), [
    ["a/1", "one"],
    ["a/2", "two"],
  ]);
});

test("a row put before an event of the same turn is on disk when the event is acknowledged", async (t) => {
  const stores = testStores(t);
  const { log, state } = await stores.open();
  state.put("mark", Buffer.from("x"));
  const stored = await append(log, newEvent());
  assert.ok(stored.ok);
  let flushed = false;
  state.flush(() => (flushed = true));
  await Promise.resolve();
  await Promise.resolve();
  assert.ok(flushed, "there was nothing left to wait for");
});

test("rows nobody waits for are written at closing at the latest", async (t) => {
  const stores = testStores(t);
  const first = await stores.open();
  first.state.put("lazy", Buffer.from("x"));
  await first.close();
  const second = await stores.open();
  assert.deepEqual(all(second.state, "lazy"), [["lazy", "x"]]);
});

test("an event's QoS and attributes are kept with it", async (t) => {
  const stores = testStores(t);
  const first = await stores.open();
  await append(
    first.log,
    newEvent({
      topic: "t",
      qos: 2,
      attributes: [
        ["k", "v"],
        ["k", "w"],
      ],
    }),
  );
  await append(first.log, newEvent({ topic: "t", qos: 0 }));
  await append(first.log, newEvent({ topic: "t" }));
  await first.close();
  const second = await stores.open();
  const slice = await second.log.read({ after: 0, filters: ["t"], maxEvents: 10, maxBytes: 1000 });
  assert.ok(slice.ok);
  assert.deepEqual(
    slice.value.events.map(({ qos, attributes }) => [qos, attributes]),
    [
      [
        2,
        [
          ["k", "v"],
          ["k", "w"],
        ],
      ],
      [0, undefined],
      [undefined, undefined],
    ],
  );
});
