import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { refuse } from "../../../main/contract/errors.ts";
import { createMemoryLog, type MemoryLog } from "../../support/memory-log.ts";
import { createMemoryState } from "../../support/memory-state.ts";
import { connectMqtt } from "../../support/mqtt-client.ts";
import { CONNECT, openRaw } from "../../support/raw-mqtt.ts";
import { startMqtt } from "../../support/test-mqtt.ts";

const KEPT = { clientId: "kept", clean: false, properties: { sessionExpiryInterval: 1000 } };

/** A hub that stopped while `count` events of `qos` were owed to the peer "kept". */
async function leaveOwed(t: TestContext, count: number, qos: 1 | 2) {
  const log = createMemoryLog();
  const state = createMemoryState();
  const { url, gateway } = await startMqtt(t, { log, state });
  const away = await connectMqtt(t, url, KEPT);
  await away.client.subscribeAsync("t", { qos });
  await away.client.endAsync();
  const writer = await connectMqtt(t, url);
  for (let n = 0; n < count; n += 1) await writer.client.publishAsync("t", String(n), { qos: 1 });
  await gateway.stop();
  return { log, state };
}

/** The log, whose reads go through `read` first; what that answers instead of null is the answer. */
function withReads(log: MemoryLog, read: (after: number) => Awaited<ReturnType<MemoryLog["read"]>> | null): MemoryLog {
  return { ...log, read: (wanted) => Promise.resolve(read(wanted.after)).then((instead) => instead ?? log.read(wanted)) };
}

for (const qos of [1, 2] as const)
  test(`while the log cannot be read, events owed at QoS ${qos} wait: none is dropped`, async (t) => {
    const { log, state } = await leaveOwed(t, 100, qos);
    let failures = 0;
    const failing = withReads(log, (after) => {
      if (after % 3 !== 0 || failures >= 3) return null;
      failures += 1;
      return refuse("STORE_FAILED", "The disk does not answer.");
    });
    const { url, gateway } = await startMqtt(t, { log: failing, state });
    const back = await connectMqtt(t, url, KEPT);
    for (let n = 0; n < 100; n += 1) assert.equal((await back.next()).text, String(n));
    assert.equal(failures, 3);
    assert.equal(gateway.figures.dropped, 0);
  });

test("what retention has taken of the owed events is counted as dropped, and the others come", async (t) => {
  const { log, state } = await leaveOwed(t, 10, 1);
  const shortened = {
    ...log,
    read: (wanted: Parameters<MemoryLog["read"]>[0]) => log.read({ ...wanted, after: Math.max(wanted.after, 4) }),
  };
  const { url, gateway } = await startMqtt(t, { log: shortened, state });
  const back = await connectMqtt(t, url, KEPT);
  for (let n = 4; n < 10; n += 1) assert.equal((await back.next()).text, String(n));
  assert.equal(gateway.figures.dropped, 4);
});

test("beyond their share of memory owed events are left to the log, and come in order all the same", async (t) => {
  const { url, port, log, gateway } = await startMqtt(t, { limits: { maxOwedBytesInAll: 2000, maxInflightOut: 4 } });
  const slow = await openRaw(t, port);
  slow.send(CONNECT.v4);
  await slow.packet();
  slow.send("8206 0001 0001 74 01");
  await slow.packet();
  const writer = await connectMqtt(t, url);
  for (let n = 0; n < 200; n += 1) await writer.client.publishAsync("t", String(n).padStart(4, "0"), { qos: 1 });
  for (let n = 0; n < 200; n += 1) {
    const packet = Buffer.from((await slow.packet())!, "hex");
    assert.equal(packet.toString("utf8", 7), String(n).padStart(4, "0"));
    slow.send(`4002${packet.toString("hex", 5, 7)}`);
  }
  assert.equal(gateway.figures.dropped, 0);
  assert.equal(log.events.length, 200);
});

test("a peer that acknowledges nothing is sent no more than a bound of bytes", async (t) => {
  const { url, port } = await startMqtt(t, { limits: { maxOutBytes: 100_000 } });
  const peer = await openRaw(t, port);
  peer.send(CONNECT.v4);
  await peer.packet();
  peer.send("8206 0001 0001 74 01");
  await peer.packet();
  const writer = await connectMqtt(t, url);
  for (let n = 0; n < 10; n += 1) await writer.client.publishAsync("t", Buffer.alloc(40_000), { qos: 1 });
  for (let n = 0; n < 3; n += 1) assert.ok((await peer.packet())!.length > 80_000);
  peer.send("c000");
  assert.equal(await peer.packet(), "d000", "a fourth was not sent");
  peer.send("40020001 40020002 40020003");
  assert.ok((await peer.packet())!.length > 80_000, "now it is");
});

test("a new subscriber is given every retained event, however many wait, at any QoS", async (t) => {
  const { url, hub } = await startMqtt(t, { limits: { maxQueuedEvents: 50, maxInflightOut: 10, maxOutBytes: 20_000 } });
  for (let n = 0; n < 3000; n += 1) void hub.publish({ topic: `kept/${n}`, payload: Buffer.from(String(n)), retain: true });
  await hub.publish({ topic: "kept/last", payload: Buffer.from("last"), retain: true });
  for (const qos of [0, 1, 2] as const) {
    const reader = await connectMqtt(t, url);
    await reader.client.subscribeAsync("kept/#", { qos });
    const topics = new Set<string>();
    while (topics.size < 3001) topics.add((await reader.next()).topic);
  }
});

test("what a session that is ended early leaves behind is nothing, in memory and on disk", async (t) => {
  const state = createMemoryState();
  const { url, hub, gateway } = await startMqtt(t, { state });
  const { client } = await connectMqtt(t, url, KEPT);
  await client.subscribeAsync("t", { qos: 1 });
  await client.endAsync();
  const writer = await connectMqtt(t, url);
  await writer.client.publishAsync("t", "owed", { qos: 1 });
  const listed = hub.sessions.list(10).sessions.map(({ name, connected, queuedEvents }) => [name, connected, queuedEvents]);
  assert.deepEqual(listed.at(-1), ["kept", false, 1]);
  assert.ok([...state.rows.keys()].some((key) => key.includes("kept")));
  // MQTT 5: a DISCONNECT may say that the session is not wanted any more.
  const again = await connectMqtt(t, url, KEPT);
  assert.equal((await again.next()).text, "owed");
  await again.client.endAsync(false, { properties: { sessionExpiryInterval: 0 } });
  await gateway.stop();
  assert.deepEqual(
    [...state.rows.keys()].filter((key) => key.includes("kept")),
    [],
  );
});
