import assert from "node:assert/strict";
import { test } from "node:test";
import { openKeys } from "../../main/access/keys.ts";
import { watchKeys } from "../../main/access/watch-keys.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const ALL = { expiresAt: null, publish: ["#"], subscribe: ["#"] };

async function watched() {
  const clock = createFakeClock();
  const keys = openKeys({ path: null, now: () => clock.now() });
  const ended: string[] = [];
  const revoked: string[] = [];
  for (const name of ["a", "b", "c"]) await keys.add({ ...ALL, name });
  const stop = watchKeys(keys, clock, { ended: (name) => void ended.push(name), revoked: (name) => void revoked.push(name) });
  return { clock, keys, ended, revoked, stop };
}

test("a key that is switched off or revoked is told of, once; one that is made or switched on is not", async () => {
  const { keys, ended } = await watched();
  await keys.add({ ...ALL, name: "d" });
  keys.enable("a", false);
  keys.enable("a", false);
  keys.revoke("a");
  keys.revoke("b");
  keys.enable("c", true);
  assert.deepEqual(ended, ["a", "b"]);
});

test("a key that is gone for good is told of as revoked, also when it was not good before", async () => {
  const { keys, revoked } = await watched();
  keys.enable("a", false);
  assert.deepEqual(revoked, []);
  keys.revoke("a");
  keys.revoke("b");
  assert.deepEqual(revoked, ["a", "b"]);
});

test("a key that expires is told of at its time, whatever else changes before", async () => {
  const { clock, keys, ended } = await watched();
  await keys.add({ ...ALL, name: "later", expiresAt: clock.now() + 3_600_000 });
  await keys.add({ ...ALL, name: "soon", expiresAt: clock.now() + 5000 });
  keys.revoke("c");
  clock.advance(4999);
  assert.deepEqual(ended, ["c"]);
  clock.advance(1);
  assert.deepEqual(ended, ["c", "soon"]);
  clock.advance(3_600_000);
  assert.deepEqual(ended, ["c", "soon", "later"]);
  assert.equal(clock.pending(), 0);
});

test("nothing is told of after the end", async () => {
  const { clock, keys, ended, stop } = await watched();
  await keys.add({ ...ALL, name: "soon", expiresAt: clock.now() + 5000 });
  stop();
  clock.advance(10_000);
  keys.revoke("a");
  assert.deepEqual(ended, []);
  assert.equal(clock.pending(), 0);
});
