import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createSessionRows } from "../../../main/gateways/mqtt/session-rows.ts";
import { createWills } from "../../../main/gateways/mqtt/wills.ts";
import type { Will } from "../../../main/gateways/mqtt/wire/parse-connect.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { createMemoryState } from "../../support/memory-state.ts";
import { connectMqtt } from "../../support/mqtt-client.ts";
import { createTestHub } from "../../support/test-hub.ts";
import { startMqtt } from "../../support/test-mqtt.ts";

function newWill(topic: string, willDelaySeconds = 0): Will {
  const correlationData = Buffer.from([0, 255]);
  return { topic, payload: Buffer.from([1, 0, 2]), qos: 1, retain: false, properties: { willDelaySeconds, correlationData } };
}

/** Wills over a log in memory and a clock that stands still; `rows`: those of an earlier run. */
function setUp(rows = new Map<string, Uint8Array>(), clock = createFakeClock()) {
  const { hub, log } = createTestHub({ clock });
  const state = createMemoryState(rows);
  const wills = createWills({ hub, rows: createSessionRows(state, () => 0), clock, maxBytes: 10_000, onRefused: () => {} });
  const sent = async (): Promise<string[]> => {
    await hub.publish({ topic: "after", payload: Buffer.from("x") });
    return log.events.filter(({ topic }) => topic !== "after").map(({ topic }) => topic);
  };
  return { wills, log, clock, rows, sent };
}

test("a will is sent when its connection is lost, and not when the peer says goodbye", async () => {
  const { wills, sent, log } = setUp();
  wills.open("rude", newWill("rude"), false)!.close(false, 0);
  wills.open("polite", newWill("polite"), false)!.close(true, 0);
  assert.deepEqual(await sent(), ["rude"]);
  assert.deepEqual([...log.events[0]!.body], [1, 0, 2]);
});

test("a delayed will waits for its delay or the end of the session, whichever is sooner", async () => {
  const { wills, sent, clock } = setUp();
  wills.open("long", newWill("long", 100), false)!.close(false, 30);
  wills.open("short", newWill("short", 10), false)!.close(false, 30);
  assert.equal(wills.pendingOf("long")?.topic, "long");
  for (const [ms, topics] of [
    [9_999, []],
    [1, ["short"]],
    [19_999, ["short"]],
    [1, ["short", "long"]],
  ] as const) {
    clock.advance(ms);
    wills.tick();
    assert.deepEqual(await sent(), topics);
  }
  assert.equal(wills.pendingOf("long"), null);
});

test("who comes back to its session before the delay is over takes its will back; who starts a new one does not [MQTT-3.1.3-9]", async () => {
  const { wills, sent, clock } = setUp();
  wills.open("back", newWill("back", 10), false)!.close(false, 60);
  wills.open("back", null, true);
  wills.open("anew", newWill("anew", 10), false)!.close(false, 60);
  wills.open("anew", null, false);
  clock.advance(20_000);
  wills.tick();
  assert.deepEqual(await sent(), ["anew"]);
});

test("when a connection is taken over, its will is sent unless it is delayed and the session goes on (§3.1.4)", async () => {
  const { wills, sent } = setUp();
  for (const [name, delay, goesOn] of [
    ["at once", 0, true],
    ["delayed", 10, true],
    ["delayed, new session", 10, false],
  ] as const) {
    const old = wills.open(name, newWill(name, delay), false)!;
    wills.open(name, newWill("of the new one", delay), goesOn);
    old.close(false, 60); // The old connection ends after the new one is there.
  }
  assert.deepEqual(await sent(), ["at once", "delayed, new session"]);
});

test("over a restart a delayed will keeps what is left of its delay; one whose peer was connected begins it anew", async () => {
  const before = setUp();
  before.wills.open("connected", newWill("connected", 10), false);
  before.wills.open("no delay", newWill("no delay"), false);
  before.wills.open("session ended", newWill("session ended", 10), false);
  before.wills.open("away", newWill("away", 10), false)!.close(false, 60);
  before.wills.open("gone", newWill("gone"), false)!.close(true, 60);
  before.clock.advance(4000);
  const { wills, sent, clock, log } = setUp(before.rows, createFakeClock(before.clock.now()));
  wills.restore((clientId) => (clientId === "session ended" ? 0 : 60));
  assert.deepEqual((await sent()).toSorted(), ["no delay", "session ended"]);
  clock.advance(6000);
  wills.tick();
  assert.equal((await sent()).at(-1), "away");
  clock.advance(4000);
  wills.tick();
  assert.equal((await sent()).at(-1), "connected");
  const [event] = log.events;
  assert.deepEqual([...event!.body], [1, 0, 2]);
  assert.ok(event!.attributes?.some(([name, value]) => name.endsWith("correlation-data") && value === "AP8="));
  assert.ok(![...before.rows.keys()].some((key) => key.startsWith("mqtt/last-will/")), "nothing is left");
});

test("a will that cannot be stored now is tried again", async () => {
  const { wills, sent, clock, log } = setUp();
  log.refuseWith({ code: "STORE_FULL", message: "The disk is full." });
  wills.open("a", newWill("a"), false)!.close(false, 0);
  await new Promise(setImmediate);
  log.refuseWith(null);
  clock.advance(5000);
  wills.tick();
  assert.deepEqual(await sent(), ["a"]);
});

async function connectWith(t: TestContext, url: string, clientId: string, willDelayInterval: number) {
  const will = {
    topic: `will/${clientId}`,
    payload: Buffer.from("gone"),
    qos: 1 as const,
    retain: false,
    properties: { willDelayInterval },
  };
  const properties = { sessionExpiryInterval: 600 };
  return connectMqtt(t, url, { clientId, clean: false, properties, will });
}

test("over sockets: a delay is cut short by the end of the session, and the will names what was lost", async (t) => {
  const { url, hub } = await startMqtt(t);
  const reader = await connectMqtt(t, url);
  await reader.client.subscribeAsync("will/#", { qos: 1 });
  const doomed = await connectWith(t, url, "doomed", 600);
  doomed.client.stream.destroy();
  let away = hub.sessions.list(10).sessions.find(({ name }) => name === "doomed");
  while (away?.connected !== false) {
    await new Promise(setImmediate);
    away = hub.sessions.list(10).sessions.find(({ name }) => name === "doomed");
  }
  assert.deepEqual(away.will, { topic: "will/doomed", qos: 1, retain: false, sizeBytes: 4 });
  assert.ok(hub.sessions.disconnect(away.id).ok);
  assert.equal((await reader.next()).topic, "will/doomed");
});

test("over sockets: DISCONNECT with another reason than 0 sends the will [MQTT-3.1.2-8]", async (t) => {
  const { url } = await startMqtt(t);
  const reader = await connectMqtt(t, url);
  await reader.client.subscribeAsync("will/#", { qos: 1 });
  await (await connectWith(t, url, "polite", 0)).client.endAsync();
  await (await connectWith(t, url, "asks", 0)).client.endAsync(false, { reasonCode: 4 });
  await (await connectWith(t, url, "fails", 0)).client.endAsync(false, { reasonCode: 0x80 });
  assert.deepEqual([(await reader.next()).topic, (await reader.next()).topic], ["will/asks", "will/fails"]);
});

test("what all wills take is bounded: who brings one more is refused, others are not", async (t) => {
  const { url } = await startMqtt(t, { limits: { maxWillBytesInAll: 2000 } });
  await connectWith(t, url, "one", 0);
  await connectWith(t, url, "two", 0);
  await connectWith(t, url, "three", 0);
  await assert.rejects(connectWith(t, url, "four", 0), { code: 0x97 });
  await connectMqtt(t, url, { clientId: "without" });
});

test("a will on a topic its peer may not publish to, or under $SYS/, is not kept", async (t) => {
  const peer = { key: "k", mayPublish: (topic: string) => topic !== "will/forbidden", maySubscribe: () => true, isGood: () => true };
  const { url, log } = await startMqtt(t, { peer });
  const reader = await connectMqtt(t, url);
  await reader.client.subscribeAsync("will/#", { qos: 1 });
  (await connectWith(t, url, "forbidden", 0)).client.stream.destroy();
  const will = { topic: "$SYS/fake", payload: Buffer.from("x"), qos: 1 as const, retain: false };
  (await connectMqtt(t, url, { clientId: "sys", will })).client.stream.destroy();
  (await connectWith(t, url, "allowed", 0)).client.stream.destroy();
  assert.equal((await reader.next()).topic, "will/allowed");
  assert.deepEqual(
    log.events.map(({ topic }) => topic),
    ["will/allowed"],
  );
});
