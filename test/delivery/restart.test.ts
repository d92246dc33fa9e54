import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { openOutbox } from "../support/test-outbox.ts";
import { answer, startTarget } from "../support/webhook-target.ts";

test("what an endpoint is owed outlives a restart: what waits for its time, and what came while it was switched off", async (t) => {
  const folder = tempFolder(t);
  const target = await startTarget(t, answer(500));
  const clock = createFakeClock();
  const before = await openOutbox(t, { clock, folder });
  const { secret } = await before.save({ name: "shop", url: target.url, description: "ours" });
  await before.publish({ topic: "first" });
  await eventually("it waits", async () => (await before.list({ state: "waiting" }))[0]?.attempts === 1);
  await before.save({ name: "shop", enabled: false });
  await before.publish({ topic: "second" });
  await before.close();

  target.answerWith(answer(200));
  const after = await openOutbox(t, { clock, folder });
  const saved = await after.save({ name: "shop", enabled: true });
  assert.deepEqual([saved.description, saved.secret, saved.secrets.length], ["ours", null, 1]);
  assert.notEqual(secret, null);
  await eventually("the second has come", () => target.requests.length === 2);
  clock.advance(5000);
  await eventually("the first has come again", () => target.requests.length === 3);
  assert.equal(target.ids()[0], target.ids()[2]);
  await eventually("both are there", async () => (await after.list({ state: "succeeded" })).length === 2);
});

for (const [way, stepMs] of [
  ["back", -90 * 24 * 3_600_000],
  ["on", 90 * 24 * 3_600_000],
] as const)
  test(`a wall clock that steps ${way} does not put off an attempt, running or over a restart`, async (t) => {
    const folder = tempFolder(t);
    const target = await startTarget(t, answer(500));
    const clock = createFakeClock();
    let stepped = 0;
    const stepping = { ...clock, now: () => clock.now() + stepped };
    const before = await openOutbox(t, { clock: stepping, folder });
    await before.save({ name: "shop", url: target.url });
    await before.publish({});
    await eventually("it waits", async () => (await before.list({ state: "waiting" }))[0]?.attempts === 1);
    stepped = stepMs;
    clock.advance(5000);
    await eventually("it waits again", async () => (await before.list({ state: "waiting" }))[0]?.attempts === 2);
    await before.close();
    stepped = 2 * stepMs;
    const after = await openOutbox(t, { clock: stepping, folder });
    clock.advance(5 * 60_000);
    await eventually("it waits once more", async () => (await after.list({ state: "waiting" }))[0]?.attempts === 3);
    assert.equal(target.requests.length, 3);
  });

test("an event that retention or a person has removed meanwhile is given up with that reason", async (t) => {
  const folder = tempFolder(t);
  const target = await startTarget(t, answer(500));
  const clock = createFakeClock();
  const outbox = await openOutbox(t, { clock, folder, keepEvents: 1 });
  await outbox.save({ name: "shop", url: target.url, filters: ["orders"] });
  await outbox.publish({ topic: "orders" });
  await eventually("it waits", async () => (await outbox.list({ state: "waiting" }))[0]?.attempts === 1);
  await outbox.publish({ topic: "other" }, { topic: "other" });
  await eventually("it is removed", async () => (await outbox.list())[0]?.topic === null);
  clock.advance(5000);
  await eventually("it is given up", async () => (await outbox.list({ state: "dead" }))[0]?.cause === "event-removed");
  assert.equal(target.requests.length, 1);
});

test("in a folder without its secrets an endpoint is off, and says what to do", async (t) => {
  const folder = tempFolder(t);
  const target = await startTarget(t);
  const before = await openOutbox(t, { clock: createFakeClock(), folder });
  await before.save({ name: "shop", url: target.url });
  await before.close();
  rmSync(join(folder, "endpoints.json"));
  const after = await openOutbox(t, { clock: createFakeClock(), folder });
  const [endpoint] = after.deliveries.endpoints();
  assert.deepEqual([endpoint?.enabled, endpoint?.secrets], [false, []]);
  assert.match(endpoint?.disabledReason ?? "", /Rotate it/);
});

test("a hub that stops gives requests under way two seconds; what has no answer by then was interrupted, and is tried again", async (t) => {
  const folder = tempFolder(t);
  const target = await startTarget(t, () => undefined);
  const clock = createFakeClock();
  const before = await openOutbox(t, { clock, folder });
  await before.save({ name: "shop", url: target.url });
  await before.publish({});
  await eventually("it is under way", () => target.requests.length === 1);
  let closed = false;
  const closing = before.close().then(() => (closed = true));
  await eventually("it has stopped", () => {
    clock.advance(100);
    return closed;
  });
  await closing;

  target.answerWith(answer(200));
  const after = await openOutbox(t, { clock, folder });
  const [delivery] = await eventually("it has come", async () => {
    const done = await after.list({ state: "succeeded" });
    return done.length === 1 ? done : null;
  });
  const { attempts, attemptList } = await after.get(delivery!.id);
  assert.deepEqual([attempts, attemptList.map(({ cause }) => cause)], [2, ["interrupted", null]]);
});
