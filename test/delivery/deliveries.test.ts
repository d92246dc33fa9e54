import assert from "node:assert/strict";
import { test } from "node:test";
import { SCHEDULE_MS } from "../../main/delivery/retry-policy.ts";
import { eventually } from "../support/eventually.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { openOutbox, valueOf, type TestOutbox } from "../support/test-outbox.ts";
import { answer, startTarget } from "../support/webhook-target.ts";

/** The newest delivery once it is in the state, after so many attempts. */
function inState(outbox: TestOutbox, state: string, attempts: number) {
  return eventually(`${state} after ${attempts} attempts`, async () => {
    const [newest] = await outbox.list({ limit: 1 });
    return newest?.state === state && newest.attempts === attempts ? newest : null;
  });
}

test("an endpoint is given what matches its filters from when it is made, as it came", async (t) => {
  const outbox = await openOutbox(t, { clock: createFakeClock(), folder: tempFolder(t) });
  const target = await startTarget(t);
  await outbox.publish({ topic: "orders/before" });
  const { secret } = await outbox.save({
    name: "shop",
    url: target.url,
    filters: ["orders/+", "alarms/#"],
    headers: [["X-Team", "green"]],
  });
  assert.match(secret ?? "", /^whsec_/);
  const body = Buffer.from([0, 1, 255, 13, 10]);
  const [event] = await outbox.publish(
    { topic: "orders/új", body, contentType: "application/x-any" },
    { topic: "other" },
    { topic: "alarms" },
  );
  await eventually("both have come", () => target.requests.length === 2);
  const [first] = target.requests;
  assert.ok(first !== undefined && first.body.equals(body));
  assert.equal(first.headers["content-type"], "application/x-any");
  assert.equal(first.headers["webhook-id"], event?.id);
  assert.equal(first.headers["signalbox-topic"], "orders/%C3%BAj");
  assert.equal(first.headers["x-team"], "green");
  const done = await inState(outbox, "succeeded", 1);
  assert.equal(done.topic, "alarms");
  assert.deepEqual(
    (await outbox.list()).map(({ attempts }) => attempts),
    [1, 1],
  );
});

test("a content type that cannot stand in a header does not stop the delivery", async (t) => {
  const outbox = await openOutbox(t, { clock: createFakeClock(), folder: tempFolder(t) });
  const target = await startTarget(t);
  await outbox.save({ name: "shop", url: target.url });
  await outbox.publish({ contentType: "text/plain\r\nX-A: b" }, { contentType: "žluť/✓" });
  await eventually("both are there", async () => (await outbox.list({ state: "succeeded" })).length === 2);
  assert.ok(target.requests.every(({ headers }) => headers["content-type"] === undefined && headers["x-a"] === undefined));
});

test("an event that is never taken has ten attempts by the schedule with one id, is dead then, and can be redelivered", async (t) => {
  const clock = createFakeClock();
  const outbox = await openOutbox(t, { clock, folder: tempFolder(t) });
  const target = await startTarget(t, answer(500, {}, "no luck"));
  await outbox.save({ name: "shop", url: target.url });
  await outbox.publish({});
  for (let attempt = 1; attempt < 10; attempt += 1) {
    const waiting = await inState(outbox, "waiting", attempt);
    assert.equal((waiting.nextAttemptAt ?? 0) - clock.now(), SCHEDULE_MS[attempt]);
    clock.advance(SCHEDULE_MS[attempt]! - 1);
    assert.equal(target.requests.length, attempt);
    // Where the circuit is open, its rest is over long before.
    clock.advance(1);
  }
  const dead = await inState(outbox, "dead", 10);
  assert.equal(new Set(target.ids()).size, 1);
  assert.equal(target.requests.length, 10);
  const { attemptList } = await outbox.get(dead.id);
  assert.deepEqual(
    attemptList.map(({ attempt, status, cause }) => [attempt, status, cause]),
    Array.from({ length: 10 }, (_, n) => [n + 1, 500, "status"]),
  );
  assert.equal(Buffer.from(attemptList[0]!.base64, "base64").toString(), "no luck");

  target.answerWith(answer(200));
  const { ids } = valueOf(await outbox.deliveries.redeliver({ id: dead.id }));
  const again = await inState(outbox, "succeeded", 1);
  assert.deepEqual([again.id, again.redeliveryOf, again.eventId], [ids[0], dead.id, dead.eventId]);
});

test("what a filter finds is redelivered once each, and what waits is not", async (t) => {
  const clock = createFakeClock();
  const outbox = await openOutbox(t, { clock, folder: tempFolder(t) });
  const [gone, fine] = [await startTarget(t, answer(410)), await startTarget(t)];
  await outbox.save({ name: "fine", url: fine.url });
  await outbox.publish({}, {}, {});
  await eventually("all are there", async () => (await outbox.list({ state: "succeeded" })).length === 3);
  await outbox.save({ name: "gone", url: gone.url, concurrency: 1 });
  await outbox.publish({ topic: "last" });
  await eventually("one is dead", async () => (await outbox.list({ endpoint: "gone", state: "dead" })).length === 1);
  await eventually("all four are there", async () => (await outbox.list({ endpoint: "fine", state: "succeeded" })).length === 4);
  const redelivered = valueOf(await outbox.deliveries.redeliver({ endpoint: "fine", state: "succeeded", to: clock.now() + 1 }));
  assert.deepEqual([redelivered.count, redelivered.ids.length, redelivered.more], [4, 4, false]);
  await eventually("they are there again", () => fine.requests.length === 8);
  const [newest] = await outbox.list({ endpoint: "fine", limit: 1 });
  assert.equal(valueOf(await outbox.deliveries.redeliver({ eventId: newest!.eventId, state: "waiting" })).count, 0);
  const none = await outbox.deliveries.redeliver({ id: "dlv_zzz" });
  assert.ok(!none.ok && none.refusal.code === "DELIVERY_NOT_FOUND");
});

test("an endpoint that answers 410 is switched off with the reason; what comes then waits in the log until it is on again", async (t) => {
  const outbox = await openOutbox(t, { clock: createFakeClock(), folder: tempFolder(t) });
  const target = await startTarget(t, answer(410));
  await outbox.save({ name: "shop", url: target.url });
  await outbox.publish({});
  const [endpoint] = await eventually("it is off", () => {
    const all = outbox.deliveries.endpoints();
    return all[0]?.enabled === false ? all : null;
  });
  assert.match(endpoint?.disabledReason ?? "", /410/);
  assert.deepEqual((await inState(outbox, "dead", 1)).cause, "gone");
  target.answerWith(answer(200));
  await outbox.publish({ topic: "a" }, { topic: "b" });
  assert.equal(target.requests.length, 1);
  const on = await outbox.save({ name: "shop", enabled: true });
  assert.equal(on.disabledReason, null);
  await eventually("both have come", () => target.requests.length === 3);
});

test("Retry-After puts off the next attempt, and nothing else is sent meanwhile", async (t) => {
  const clock = createFakeClock();
  const outbox = await openOutbox(t, { clock, folder: tempFolder(t) });
  const target = await startTarget(t, answer(429, { "retry-after": "60" }));
  await outbox.save({ name: "shop", url: target.url });
  await outbox.publish({ topic: "first" });
  const waiting = await inState(outbox, "waiting", 1);
  assert.equal((waiting.nextAttemptAt ?? 0) - clock.now(), 60_000);
  target.answerWith(answer(200));
  await outbox.publish({ topic: "second" });
  clock.advance(59_000);
  assert.equal(target.requests.length, 1);
  clock.advance(1000);
  await eventually("both are there", async () => (await outbox.list({ state: "succeeded" })).length === 2);
});

test("an ordered endpoint has the events of each source one after the other, and a failed one holds up only its own", async (t) => {
  const clock = createFakeClock();
  const outbox = await openOutbox(t, { clock, folder: tempFolder(t) });
  let fail = true;
  const came: string[] = [];
  const target = await startTarget(t, (request, response) => {
    const text = request.body.toString();
    came.push(text);
    response.writeHead(text === "a1" && fail ? 500 : 200).end();
  });
  await outbox.save({ name: "shop", url: target.url, ordered: true });
  const event = (source: string, text: string) => ({ source, body: Buffer.from(text), size: text.length });
  await outbox.publish(event("a", "a1"), event("a", "a2"), event("b", "b1"), event("a", "a3"), event("b", "b2"));
  await eventually("all of b are there", async () => (await outbox.list({ state: "succeeded" })).length === 2);
  assert.deepEqual(
    came.filter((text) => text.startsWith("b")),
    ["b1", "b2"],
  );
  assert.deepEqual(
    came.filter((text) => text.startsWith("a")),
    ["a1"],
  );
  fail = false;
  clock.advance(5000);
  await eventually("all are there", async () => (await outbox.list({ state: "succeeded" })).length === 5);
  assert.deepEqual(
    came.filter((text) => text.startsWith("a")),
    ["a1", "a1", "a2", "a3"],
  );
});

test("a dead endpoint costs a healthy one nothing: it is left alone, its events wait in the log and come when it is back", async (t) => {
  const clock = createFakeClock();
  const outbox = await openOutbox(t, { clock, folder: tempFolder(t) });
  const [dead, healthy] = [await startTarget(t, answer(500)), await startTarget(t)];
  await outbox.save({ name: "dead", url: dead.url, concurrency: 4 });
  await outbox.save({ name: "healthy", url: healthy.url });
  await outbox.publish(...Array.from({ length: 200 }, () => ({})));
  await eventually("the healthy one has all", () => healthy.requests.length === 200);
  await eventually("the circuit is open", () => healthOf(outbox, "dead")?.circuit === "open");
  const tried = dead.requests.length;
  assert.ok(tried <= 12, `${tried} attempts`);
  dead.answerWith(answer(200));
  clock.advance(6000);
  await eventually("the dead one has all", () => new Set(dead.ids()).size === 200);
  assert.equal(healthOf(outbox, "dead")?.circuit, "closed");
});

function healthOf(outbox: TestOutbox, name: string) {
  return outbox.deliveries.endpoints().find((endpoint) => endpoint.name === name)?.health;
}

test("nothing that is secret is told again; headers keep a value that is not given anew, but for their own address only", async (t) => {
  const folder = tempFolder(t);
  const outbox = await openOutbox(t, { clock: createFakeClock(), folder });
  const target = await startTarget(t);
  const { secret } = await outbox.save({
    name: "shop",
    url: target.url,
    headers: [
      ["Authorization", "Bearer t0p"],
      ["X-Team", "green"],
    ],
  });
  const changed = await outbox.save({
    name: "shop",
    description: "ours",
    headers: [
      ["authorization", null],
      ["X-Team", "blue"],
    ],
  });
  assert.deepEqual(changed.headers, [
    ["authorization", null],
    ["X-Team", "blue"],
  ]);
  assert.ok(!JSON.stringify([changed, outbox.deliveries.endpoints()]).includes(secret!));
  await outbox.publish({});
  await eventually("it has come", () => target.requests.length === 1);
  assert.equal(target.requests[0]?.headers.authorization, "Bearer t0p");
  const moved = await outbox.deliveries.save({ name: "shop", url: "https://example.com/", headers: [["Authorization", null]] });
  assert.ok(!moved.ok && moved.refusal.code === "PARAMS_INVALID");
});

test("what cannot be an endpoint is refused with a reason, and changes nothing", async (t) => {
  const outbox = await openOutbox(t, { clock: createFakeClock(), folder: tempFolder(t) });
  const codes = [
    [{ name: "a" }, "PARAMS_INVALID"],
    [{ url: "nonsense" }, "PARAMS_INVALID"],
    [{ url: "ftp://example.com" }, "PARAMS_INVALID"],
    [{ url: "https://user:pass@example.com" }, "PARAMS_INVALID"],
    [{ url: "http://10.0.0.1/" }, "TARGET_REFUSED"],
    [{ url: "http://[::ffff:7f00:2]/" }, "TARGET_REFUSED"],
    [{ url: "https://example.com", name: "a b" }, "PARAMS_INVALID"],
    [{ url: "https://example.com", filters: ["a/#/b"] }, "TOPIC_INVALID"],
    [{ url: "https://example.com", headers: [["Host", "x"]] }, "PARAMS_INVALID"],
    [{ url: "https://example.com", headers: [["webhook-id", "x"]] }, "PARAMS_INVALID"],
    [{ url: "https://example.com", headers: [["X-A", "a\r\nb: c"]] }, "PARAMS_INVALID"],
    [{ url: "https://example.com", secret: "whsec_AA==" }, "PARAMS_INVALID"],
  ] as const;
  for (const [change, code] of codes) {
    const saved = await outbox.deliveries.save(change);
    assert.equal(saved.ok ? null : saved.refusal.code, code, JSON.stringify(change));
  }
  assert.deepEqual(outbox.deliveries.endpoints(), []);
  for (const done of [
    await outbox.deliveries.remove("a"),
    await outbox.deliveries.test("a"),
    await outbox.deliveries.rotateSecret({ name: "a" }),
  ])
    assert.ok(!done.ok && done.refusal.code === "ENDPOINT_NOT_FOUND");
});
