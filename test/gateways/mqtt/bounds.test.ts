import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../support/eventually.ts";
import { createSendingBudget } from "../../../main/gateways/sending-budget.ts";
import { connectMqtt } from "../../support/mqtt-client.ts";
import { CONNECT, openRaw } from "../../support/raw-mqtt.ts";
import { startMqtt } from "../../support/test-mqtt.ts";

test("a subscriber that takes nothing is cut; what waits for it is bounded, and the others miss nothing", async (t) => {
  const { port, url, gateway } = await startMqtt(t, { limits: { maxOutBytes: 256 * 1024, drainTimeoutMs: 500 } });
  const frozen = await openRaw(t, port);
  frozen.send(CONNECT.v4);
  await frozen.packet();
  frozen.send("8206 0001 0001 74 00");
  await frozen.packet();
  frozen.socket.pause();
  const reader = await connectMqtt(t, url);
  await reader.client.subscribeAsync("t", { qos: 0 });
  const writer = await connectMqtt(t, url);
  const body = Buffer.alloc(64 * 1024);
  for (let n = 0; n < 300; n += 1) {
    body.writeUInt32BE(n);
    await writer.client.publishAsync("t", body, { qos: 1 });
    assert.equal(Buffer.from((await reader.next()).payload).readUInt32BE(), n);
  }
  assert.ok(gateway.figures.dropped > 0, "more than its bound was not kept for it");
  await eventually("the frozen one is cut", () => gateway.figures.connections === 2);
});

test("what waits for a session that is away is bounded, and the oldest are kept", async (t) => {
  const { url, gateway } = await startMqtt(t, { limits: { maxQueuedEvents: 5 } });
  const kept = { clientId: "kept", clean: false, properties: { sessionExpiryInterval: 1000 } };
  const first = await connectMqtt(t, url, kept);
  await first.client.subscribeAsync("t", { qos: 1 });
  await first.client.endAsync();
  const writer = await connectMqtt(t, url);
  for (let n = 0; n < 8; n += 1) await writer.client.publishAsync("t", String(n), { qos: 1 });
  assert.equal(gateway.figures.dropped, 3);
  const second = await connectMqtt(t, url, kept);
  for (let n = 0; n < 5; n += 1) assert.equal((await second.next()).text, String(n));
});

test("a peer that publishes faster than is stored is read from no further, and loses nothing", async (t) => {
  const { port, log } = await startMqtt(t, { limits: { maxUncommitted: 10 } });
  const peer = await openRaw(t, port);
  peer.send(CONNECT.v4);
  await peer.packet();
  log.hold();
  const flood = Array.from({ length: 1000 }, () => "3004 0001 74 78").join("");
  peer.send(flood);
  await eventually("ten are read", () => log.waiting() === 10);
  log.release();
  await eventually("all are stored", () => log.events.length === 1000);
});

test("subscriptions of one peer are bounded, and topics and filters are no deeper than the hub allows", async (t) => {
  const { url } = await startMqtt(t, { limits: { maxSubscriptions: 2 } });
  const { client } = await connectMqtt(t, url);
  await client.subscribeAsync(["a", "b"], { qos: 0 });
  await assert.rejects(client.subscribeAsync("c", { qos: 0 }), /Quota exceeded/i);
  const deep = Array.from({ length: 40 }, () => "x").join("/");
  await assert.rejects(client.subscribeAsync(`${deep}/#`, { qos: 0 }), /Topic Filter invalid/i);
  await assert.rejects(client.publishAsync(deep, "x", { qos: 1 }), /Topic Name invalid/i);
  await client.publishAsync("a", "it goes on", { qos: 1 });
});

test("a session ends when its time is up", async (t) => {
  const { url } = await startMqtt(t, { limits: { sysIntervalMs: 1 } });
  const kept = { clientId: "brief", clean: false, properties: { sessionExpiryInterval: 1 } };
  await (await connectMqtt(t, url, kept)).client.endAsync();
  const watcher = await connectMqtt(t, url);
  await watcher.client.subscribeAsync("$SYS/broker/clients/total", { qos: 0 });
  const counts = [(await watcher.next()).text];
  while (counts.at(-1) !== "1") counts.push((await watcher.next()).text);
  assert.equal(counts[0], "2", "at first it was kept");
  assert.equal((await connectMqtt(t, url, kept)).connack.sessionPresent, false);
});

test("a retained publication beyond the bound is refused with 0x97; 3.1.1 has no refusal, and it goes nowhere", async (t) => {
  const { url, port, log } = await startMqtt(t, { retained: { maxTopics: 2, maxBytes: 1_000_000 } });
  const writer = await connectMqtt(t, url);
  for (const topic of ["a", "b"]) await writer.client.publishAsync(topic, "x", { qos: 1, retain: true });
  await assert.rejects(writer.client.publishAsync("c", "x", { qos: 1, retain: true }), { code: 0x97 });
  const raw = await openRaw(t, port);
  raw.send(CONNECT.v5);
  await raw.packet();
  raw.send("3507 0001 63 0001 00 78");
  assert.equal(await raw.packet(), "5003000197");
  const old = await connectMqtt(t, url, { protocolVersion: 4 });
  for (const qos of [1, 2] as const) await old.client.publishAsync("c", "x", { qos, retain: true });
  await old.client.publishAsync("c", "passing", { qos: 1 });
  assert.deepEqual(
    log.events.map(({ topic, body }) => `${topic} ${Buffer.from(body).toString()}`),
    ["a x", "b x", "c passing"],
  );
});

test("a publication's properties are bounded", async (t) => {
  const { url } = await startMqtt(t, { limits: { maxPropertyBytes: 1000 } });
  const { client } = await connectMqtt(t, url);
  await client.publishAsync("a", "x", { qos: 1, properties: { userProperties: { a: "x".repeat(900) } } });
  const ended = new Promise<number>((resolve) => client.on("disconnect", ({ reasonCode = 0 }) => resolve(reasonCode)));
  client.publish("a", "x", { qos: 1, properties: { userProperties: { a: "x".repeat(1000) } } });
  assert.equal(await ended, 0x95);
});

test("a payload above the hub's limit is refused, though its packet is within the largest", async (t) => {
  const { url, log } = await startMqtt(t, { limits: { maxBodyBytes: 1000 } });
  const { client } = await connectMqtt(t, url);
  await client.publishAsync("a", Buffer.alloc(1000), { qos: 1 });
  await assert.rejects(client.publishAsync("a", Buffer.alloc(1001), { qos: 1 }), { code: 0x97 });
  const old = await connectMqtt(t, url, { protocolVersion: 4 });
  const closed = new Promise((resolve) => old.client.once("close", () => resolve(true)));
  old.client.publish("a", Buffer.alloc(1001), { qos: 1 });
  assert.ok(await closed);
  assert.equal(log.events.length, 1);
});

test("when slow peers hold all that may wait, QoS 0 is dropped for them alone, and a reading one misses nothing", async (t) => {
  const sending = createSendingBudget(1024 * 1024, () => performance.now());
  const { port, url, gateway, hub } = await startMqtt(t, { sending });
  const frozen = await Promise.all(Array.from({ length: 8 }, () => openRaw(t, port)));
  for (const [n, peer] of frozen.entries()) {
    peer.send(`100d 0004 4d515454 04 02 003c 0001 ${(0x61 + n).toString(16)}`);
    await peer.packet();
    peer.send("8206 0001 0001 74 00");
    await peer.packet();
    peer.socket.pause();
  }
  const reader = await connectMqtt(t, url);
  await reader.client.subscribeAsync("t", { qos: 0 });
  const writer = await connectMqtt(t, url);
  for (let n = 0; n < 200 || gateway.figures.dropped === 0; n += 1) {
    await writer.client.publishAsync("t", Buffer.alloc(64 * 1024), { qos: 1 });
    await reader.next();
  }
  const held = hub.sessions.list(20).sessions.reduce((sum, { queuedBytes }) => sum + queuedBytes, 0);
  assert.ok(held < 2 * 1024 * 1024, `${held} bytes wait`);
});
