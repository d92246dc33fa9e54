import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createBridges } from "../../main/bridges/bridges.ts";
import type { Bridge, BridgeRoute } from "../../main/contract/bridge.ts";
import type { HubEvent } from "../../main/hub/ports.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { eventually } from "../support/eventually.ts";
import { createMemoryState } from "../support/memory-state.ts";
import { createMosquitto, NO_MOSQUITTO } from "../support/mosquitto.ts";
import { createTestHub } from "../support/test-hub.ts";

const skip = NO_MOSQUITTO;

function route(filter: string, localPrefix = "", remotePrefix = ""): BridgeRoute {
  return { filter, localPrefix, remotePrefix };
}

function newBridge(url: string, change: Partial<Bridge> = {}): Bridge {
  return { name: "up", url, version: 5, username: null, password: null, ca: null, subscribe: [], publish: [], ...change };
}

function setUp(t: TestContext, configured: readonly Bridge[] = [], rows = new Map<string, Uint8Array>()) {
  const { hub, log } = createTestHub();
  const state = createMemoryState(rows);
  const backOff = { firstMs: 20, mostMs: 100 };
  const bridges = createBridges({ hub, state, logId: log.status().id, clock: systemClock, logger: silentLogger, backOff, configured });
  t.after(() => bridges.stop());
  const events: HubEvent[] = [];
  hub.subscribe("#", (event) => events.push(event));
  const connected = () => eventually("the bridge is connected", () => bridges.status().every(({ state }) => state === "connected"));
  const publish = (topic: string, text: string) => hub.publish({ topic, payload: Buffer.from(text) });
  return { hub, log, bridges, events, connected, publish };
}

for (const version of [4, 5] as const)
  test(`events go both ways between the hub and mosquitto under their prefixes, with MQTT version ${version}`, { skip }, async (t) => {
    const mosquitto = await createMosquitto(t);
    await mosquitto.start();
    const there: string[] = [];
    const client = await mosquitto.client();
    client.on("message", (topic, payload) => there.push(`${topic} ${payload.toString()}`));
    await client.subscribeAsync("#");
    const bridge = newBridge(mosquitto.url, {
      version,
      subscribe: [route("s/+", "in/", "far/")],
      publish: [route("t/#", "out/", "near/")],
    });
    const { bridges, events, connected, publish } = setUp(t, [bridge]);
    bridges.start();
    await connected();
    await client.publishAsync("far/s/1", "hello", { qos: 1 });
    await client.publishAsync("other/s/1", "not asked for", { qos: 1 });
    await publish("out/t/a/b", "hi");
    await publish("elsewhere", "not sent");
    await eventually("both have come", () => events.some(({ topic }) => topic === "in/s/1") && there.includes("near/t/a/b hi"));
    await eventually("it is told how it went", () => bridges.status()[0]!.sent === 1 && bridges.status()[0]!.behind === 0);
    const [status] = bridges.status();
    assert.deepEqual([status!.received, status!.refused, status!.reason], [1, 0, null]);
    assert.deepEqual(there, ["far/s/1 hello", "other/s/1 not asked for", "near/t/a/b hi"]);
  });

test("with the same topics in both directions nothing goes round in circles", { skip }, async (t) => {
  const mosquitto = await createMosquitto(t);
  await mosquitto.start();
  const there: string[] = [];
  const client = await mosquitto.client();
  client.on("message", (topic, payload) => there.push(`${topic} ${payload.toString()}`));
  await client.subscribeAsync("#");
  const { bridges, events, connected, publish } = setUp(t, [newBridge(mosquitto.url, { subscribe: [route("#")], publish: [route("#")] })]);
  bridges.start();
  await connected();
  await client.publishAsync("a", "from there", { qos: 1 });
  await publish("b", "from here");
  await eventually("both have come", () => events.length >= 2 && there.length >= 2);
  // Whatever went round would be ahead of these.
  await client.publishAsync("end", "from there", { qos: 1 });
  await publish("end", "from here");
  await eventually("the last have come", () => events.length >= 4 && there.length >= 4);
  assert.deepEqual(events.map(({ topic }) => topic).sort(), ["a", "b", "end", "end"]);
  assert.deepEqual(there.sort(), ["a from there", "b from here", "end from here", "end from there"]);
  assert.equal(events.find(({ topic }) => topic === "a")?.hops, 1);
});

test("two hubs on one broker hear each other, and an event ends where it has been", { skip }, async (t) => {
  const mosquitto = await createMosquitto(t);
  await mosquitto.start();
  const both = { subscribe: [route("#")], publish: [route("#")] };
  const a = setUp(t, [newBridge(mosquitto.url, { ...both, name: "a" })]);
  a.bridges.start();
  await a.connected();
  const client = await mosquitto.client();
  // As another hub would send on what came from this one.
  const userProperties = { "signalbox-via": "other memory", "signalbox-hops": "2" };
  await client.publishAsync("x", "been here", { qos: 1, properties: { userProperties } });
  await client.publishAsync("x", "too far", { qos: 1, properties: { userProperties: { "signalbox-hops": "9" } } });
  await client.publishAsync("x", "new", { qos: 1, properties: { userProperties: { "signalbox-hops": "2" } } });
  await eventually("the new one has come", () => a.events.length > 0);
  assert.deepEqual(
    a.events.map(({ body, hops }) => [Buffer.from(body).toString(), hops]),
    [["new", 2]],
  );
});

test("what happens while the upstream is away, on either side, is made up for when it is back", { skip }, async (t) => {
  const mosquitto = await createMosquitto(t);
  await mosquitto.start();
  const { bridges, events, connected, publish } = setUp(t, [
    newBridge(mosquitto.url, { subscribe: [route("down/#")], publish: [route("up/#")] }),
  ]);
  bridges.start();
  await connected();
  await publish("up/0", "0");
  await eventually("the first is there", () => bridges.status()[0]!.sent === 1);
  await mosquitto.stop();
  await eventually("the loss is noticed, with a reason", () => bridges.status()[0]!.state !== "connected" && bridges.status()[0]!.reason);
  for (let n = 1; n <= 250; n += 1) await publish(`up/${n}`, String(n));
  assert.equal(bridges.status()[0]!.behind, 250);
  await mosquitto.start();
  const there = new Set<string>();
  const client = await mosquitto.client();
  client.on("message", (topic) => there.add(topic));
  await client.subscribeAsync("up/#");
  await connected();
  await client.publishAsync("down/1", "back", { qos: 1 });
  await eventually("all are sent", () => bridges.status()[0]!.sent >= 251 && bridges.status()[0]!.behind === 0);
  await eventually("what is published there comes again", () => events.some(({ topic }) => topic === "down/1"));
});

test("a bridge that starts again goes on where it was, and is given what came meanwhile", { skip }, async (t) => {
  const mosquitto = await createMosquitto(t);
  await mosquitto.start();
  const { bridges, events, connected, publish } = setUp(t);
  const made = await bridges.save(newBridge(mosquitto.url, { subscribe: [route("down")], publish: [route("up/#")] }));
  assert.ok(made.ok);
  await connected();
  const client = await mosquitto.client();
  const there: string[] = [];
  client.on("message", (topic) => there.push(topic));
  await client.subscribeAsync("up/#");
  await publish("up/1", "1");
  await eventually("it is there", () => there.length === 1 && bridges.status()[0]!.sent === 1);
  await bridges.stop();
  await publish("up/2", "2");
  await client.publishAsync("down", "while away", { qos: 1 });
  bridges.start();
  await eventually("both have been made up for", () => there.length === 2 && events.some(({ topic }) => topic === "down"));
  assert.deepEqual(there, ["up/1", "up/2"]);
});

test("an upstream that cannot be reached is told with the reason, and tried again", async (t) => {
  const { bridges } = setUp(t, [newBridge("mqtt://127.0.0.1:1", { publish: [route("#")] })]);
  bridges.start();
  const reason = await eventually("there is a reason", () => bridges.status()[0]!.reason);
  assert.match(reason, /ECONNREFUSED/);
  await eventually("it tries again", () => bridges.status()[0]!.state === "connecting");
});

test("bridges made by calls are kept, shown without password, and removed; wrong ones are refused with a sentence", async (t) => {
  const rows = new Map<string, Uint8Array>();
  const first = setUp(t, [], rows);
  const bridge = newBridge("mqtt://127.0.0.1:1", { password: "secret", username: "ada", publish: [route("#")] });
  const made = await first.bridges.save(bridge);
  assert.ok(made.ok && made.value.hasPassword && !JSON.stringify(made.value).includes("secret"));
  const again = setUp(t, [], rows);
  assert.deepEqual(
    again.bridges.list().map(({ name, fromFile }) => [name, fromFile]),
    [["up", false]],
  );
  const wrongs = [
    { url: "http://x" },
    { url: "mqtt://a:b@x" },
    { name: "a b" },
    { publish: [] },
    { version: 4 as const, subscribe: [route("x/+")] },
    { publish: [route("a/#/b")] },
    { publish: [route("#", "x")] },
  ];
  for (const wrong of wrongs) {
    const refused = await again.bridges.save({ ...bridge, ...wrong });
    assert.ok(!refused.ok && refused.refusal.code === "PARAMS_INVALID", JSON.stringify(wrong));
  }
  assert.ok((await again.bridges.remove("up")).ok);
  const gone = await again.bridges.remove("up");
  assert.ok(!gone.ok && gone.refusal.code === "BRIDGE_NOT_FOUND");
  assert.deepEqual(again.bridges.list(), []);
});

test("a password that is left out stays, but goes to no other address and no other user", async (t) => {
  const { bridges } = setUp(t);
  const { password: _none, ...up } = newBridge("mqtt://127.0.0.1:1", { username: "me", publish: [route("#")] });
  await bridges.save({ ...up, password: "secret" });
  const kept = await bridges.save({ ...up, version: 4 });
  assert.equal(kept.ok && kept.value.hasPassword, true);
  for (const change of [{ url: "mqtt://127.0.0.1:2" }, { username: "you" }]) {
    const refused = await bridges.save({ ...up, ...change });
    assert.match(refused.ok ? "" : refused.refusal.message, /password was given for another address/);
  }
  const cleared = await bridges.save({ ...up, url: "mqtt://127.0.0.1:2", password: null });
  assert.equal(cleared.ok && cleared.value.hasPassword, false);
});
