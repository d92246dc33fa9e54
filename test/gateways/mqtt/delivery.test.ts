import assert from "node:assert/strict";
import { test } from "node:test";
import { connectMqtt } from "../../support/mqtt-client.ts";
import { CONNECT, openRaw } from "../../support/raw-mqtt.ts";
import { startMqtt } from "../../support/test-mqtt.ts";

test("a publication is acknowledged after its commit, and not before; reading goes on meanwhile", async (t) => {
  const { port, log } = await startMqtt(t);
  const peer = await openRaw(t, port);
  peer.send(CONNECT.v4);
  await peer.packet();
  log.hold();
  peer.send("3206 0001 74 0001 61 3206 0001 74 0002 62 c000");
  assert.equal(await peer.packet(), "d000", "the ping behind them is answered first");
  log.release();
  assert.equal(await peer.packet(), "40020001");
  assert.equal(await peer.packet(), "40020002");
});

test("when the log refuses, an MQTT 5 peer is told so and a 3.1.1 peer gets no acknowledgement", async (t) => {
  const { port, log } = await startMqtt(t);
  log.refuseWith({ code: "STORE_FULL", message: "full" });
  const newer = await openRaw(t, port);
  newer.send(CONNECT.v5);
  await newer.packet();
  newer.send("3207 0001 74 0001 00 61");
  assert.equal(await newer.packet(), "4003000197", "quota exceeded");
  const older = await openRaw(t, port);
  older.send(CONNECT.v3);
  await older.packet();
  older.send("3206 0001 74 0001 61");
  await older.ended();
});

test("one event that matches several subscriptions comes once, at the highest QoS, with all identifiers", async (t) => {
  const { url } = await startMqtt(t);
  const reader = await connectMqtt(t, url);
  await reader.client.subscribeAsync("a/#", { qos: 0, properties: { subscriptionIdentifier: 7 } });
  await reader.client.subscribeAsync("a/+", { qos: 2, properties: { subscriptionIdentifier: 9 } });
  await reader.client.publishAsync("a/b", "x", { qos: 2 });
  await reader.client.publishAsync("a/end", "y", { qos: 0 });
  const first = await reader.next();
  assert.equal(first.qos, 2);
  assert.deepEqual(
    [first.properties?.subscriptionIdentifier].flat().toSorted((a, b) => Number(a) - Number(b)),
    [7, 9],
  );
  assert.equal((await reader.next()).text, "y");
});

test("no local keeps a peer's own publications from it", async (t) => {
  const { url } = await startMqtt(t);
  const reader = await connectMqtt(t, url);
  const other = await connectMqtt(t, url);
  await reader.client.subscribeAsync("t", { qos: 1, nl: true });
  await reader.client.publishAsync("t", "own", { qos: 1 });
  await other.client.publishAsync("t", "other", { qos: 1 });
  assert.equal((await reader.next()).text, "other");
});

test("retained events come with the retain flag to a new subscription, as its retain handling says", async (t) => {
  const { url } = await startMqtt(t);
  const { client } = await connectMqtt(t, url);
  for (const topic of ["a", "a/", "a//b", "/a"]) await client.publishAsync(topic, `kept ${topic}`, { qos: 1, retain: true });
  const matches = async (filter: string): Promise<string[]> => {
    const reader = await connectMqtt(t, url);
    await reader.client.subscribeAsync(filter, { qos: 1 });
    await reader.client.publishAsync("end/of/it", "", { qos: 1 });
    await reader.client.subscribeAsync("end/of/it", { qos: 1 });
    await reader.client.publishAsync("end/of/it", "end", { qos: 1 });
    const topics: string[] = [];
    for (let come = await reader.next(); come.topic !== "end/of/it"; come = await reader.next()) {
      assert.equal(come.retain, true);
      topics.push(come.topic);
    }
    return topics.sort();
  };
  assert.deepEqual(await matches("+/+"), ["/a", "a/"], "empty levels are levels");
  assert.deepEqual(await matches("a/+"), ["a/"]);
  assert.deepEqual(await matches("a/#"), ["a", "a/", "a//b"], "# stands for the parent too");
  assert.deepEqual(await matches("+/a"), ["/a"]);
  const reader = await connectMqtt(t, url);
  await reader.client.subscribeAsync("a", { qos: 1, rh: 2 });
  await reader.client.publishAsync("a", "live", { qos: 1 });
  const live = await reader.next();
  assert.deepEqual([live.text, live.retain], ["live", false]);
  await reader.client.publishAsync("a", "", { qos: 1, retain: true });
  assert.deepEqual(await matches("a"), [], "an empty payload clears it");
});

test("a kept session is present even without subscriptions, and a clean start ends it with all it held", async (t) => {
  const { url } = await startMqtt(t);
  const kept = { clientId: "kept", clean: false, properties: { sessionExpiryInterval: 1000 } };
  const first = await connectMqtt(t, url, kept);
  assert.equal(first.connack.sessionPresent, false);
  await first.client.endAsync();
  const second = await connectMqtt(t, url, kept);
  assert.equal(second.connack.sessionPresent, true);
  await second.client.subscribeAsync("t", { qos: 1 });
  await second.client.endAsync();
  const other = await connectMqtt(t, url);
  await other.client.publishAsync("t", "while away", { qos: 1 });
  const third = await connectMqtt(t, url, kept);
  assert.equal((await third.next()).text, "while away");
  await third.client.endAsync();
  await other.client.publishAsync("t", "lost", { qos: 1 });
  await (await connectMqtt(t, url, { ...kept, clean: true })).client.endAsync();
  const fourth = await connectMqtt(t, url, kept);
  assert.equal(fourth.connack.sessionPresent, true, "the clean start began a new session that is kept");
  await fourth.client.subscribeAsync("t", { qos: 1 });
  await other.client.publishAsync("t", "new", { qos: 1 });
  assert.equal((await fourth.next()).text, "new");
});

test("what was sent and not acknowledged is sent again with DUP under its identifier", async (t) => {
  const { port, url } = await startMqtt(t);
  const keep = "100d 0004 4d515454 04 00 003c 0001 6b";
  const first = await openRaw(t, port);
  first.send(keep);
  await first.packet();
  first.send("8206 0001 0001 74 02");
  await first.packet();
  const { client } = await connectMqtt(t, url);
  await client.publishAsync("t", "1", { qos: 1 });
  void client.publishAsync("t", "2", { qos: 2 });
  assert.equal(await first.packet(), "3206000174000131");
  assert.equal(await first.packet(), "3406000174000232");
  first.send("50020002");
  assert.equal(await first.packet(), "62020002");
  first.socket.destroy();
  const second = await openRaw(t, port);
  second.send(keep);
  assert.equal(await second.packet(), "20020100");
  assert.equal(await second.packet(), "3a06000174000131");
  assert.equal(await second.packet(), "62020002", "the other has been received: only its release is due");
});

test("after a restart, what was sent and not acknowledged comes again before anything newer [MQTT-4.6.0-1]", async (t) => {
  const before = await startMqtt(t);
  const keep = "100d 0004 4d515454 04 00 003c 0001 6b";
  const first = await openRaw(t, before.port);
  first.send(keep);
  await first.packet();
  first.send("8206 0001 0001 74 02");
  await first.packet();
  const early = await connectMqtt(t, before.url);
  await early.client.publishAsync("t", "1", { qos: 1 });
  void early.client.publishAsync("t", "2", { qos: 2 }).catch(() => {}); // the hub may be gone before it is released
  assert.equal(await first.packet(), "3206000174000131");
  assert.equal(await first.packet(), "3406000174000232");
  early.client.end(true);
  await before.gateway.stop();
  const after = await startMqtt(t, { log: before.log, state: before.state });
  const late = await connectMqtt(t, after.url);
  await late.client.publishAsync("t", "3", { qos: 1 });
  const second = await openRaw(t, after.port);
  second.send(keep);
  assert.equal(await second.packet(), "20020100");
  assert.equal(await second.packet(), "3a06000174000131", "it must be read from the log first");
  assert.equal(await second.packet(), "3c06000174000232");
  assert.equal(await second.packet(), "3206000174000333", "this one was in memory all the while");
});

test("a QoS 2 publication that is sent twice is published once", async (t) => {
  const { port, log } = await startMqtt(t);
  const peer = await openRaw(t, port);
  peer.send(CONNECT.v4);
  await peer.packet();
  peer.send("3406 0001 74 0007 61");
  assert.equal(await peer.packet(), "50020007");
  peer.send("3c06 0001 74 0007 61");
  assert.equal(await peer.packet(), "50020007");
  peer.send("6202 0007");
  assert.equal(await peer.packet(), "70020007");
  assert.equal(log.events.filter(({ topic }) => topic === "t").length, 1);
});

test("QoS 2 publications that are never released are bounded", async (t) => {
  const { port } = await startMqtt(t, { limits: { maxInflightIn: 3 } });
  const peer = await openRaw(t, port);
  peer.send(CONNECT.v5);
  await peer.packet();
  for (const id of ["01", "02", "03"]) {
    peer.send(`3407 0001 74 00${id} 00 61`);
    assert.equal(await peer.packet(), `500200${id}`);
  }
  peer.send("3407 0001 74 0004 00 61");
  assert.equal(await peer.packet(), "e00193", "Receive Maximum exceeded");
});

test("no more is in flight towards a peer than its Receive Maximum, and nothing larger than it takes is sent", async (t) => {
  const { port, url } = await startMqtt(t);
  const peer = await openRaw(t, port);
  peer.send("1016 0004 4d515454 05 02 003c 08 210001 2700000020 0001 61");
  await peer.packet();
  peer.send("8207 0001 00 0001 74 01");
  await peer.packet();
  const { client } = await connectMqtt(t, url);
  await client.publishAsync("t", "1", { qos: 1 });
  await client.publishAsync("t", "x".repeat(100), { qos: 1 });
  await client.publishAsync("t", "2", { qos: 1 });
  assert.match((await peer.packet()) ?? "", /31$/);
  peer.send("c000");
  assert.equal(await peer.packet(), "d000", "nothing comes before the first is acknowledged");
  peer.send("40020001");
  assert.match((await peer.packet()) ?? "", /32$/);
});

test("members of a shared subscription get each event once between them", async (t) => {
  const { url } = await startMqtt(t);
  const members = await Promise.all([connectMqtt(t, url), connectMqtt(t, url)]);
  for (const { client } of members) await client.subscribeAsync("$share/group/t", { qos: 1 });
  const { client } = await connectMqtt(t, url);
  for (let n = 0; n < 10; n += 1) await client.publishAsync("t", String(n), { qos: 1 });
  const come = await Promise.all(
    members.map(async (member) => Promise.all(Array.from({ length: 5 }, async () => Number((await member.next()).text)))),
  );
  assert.deepEqual(
    come.flat().sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
});

test("a will is an event like any other, sent when the peer goes without a word and not when it says goodbye", async (t) => {
  const { url, log } = await startMqtt(t);
  const reader = await connectMqtt(t, url);
  await reader.client.subscribeAsync("will/#", { qos: 1 });
  const will = (name: string) => ({
    topic: `will/${name}`,
    payload: Buffer.from("gone"),
    qos: 1 as const,
    retain: false,
    properties: { contentType: "text/plain", userProperties: { k: "v" } },
  });
  const polite = await connectMqtt(t, url, { will: will("polite") });
  await polite.client.endAsync();
  const rude = await connectMqtt(t, url, { will: will("rude") });
  rude.client.stream.destroy();
  const come = await reader.next();
  assert.deepEqual(
    [come.topic, come.text, come.properties?.contentType, come.properties?.userProperties?.["k"]],
    ["will/rude", "gone", "text/plain", "v"],
  );
  assert.equal(log.events.at(-1)?.protocol, "mqtt");
  assert.equal(reader.waiting(), 0);
});

test("a second connection under the same id takes the session over, and the first is told", async (t) => {
  const { port } = await startMqtt(t);
  const first = await openRaw(t, port);
  first.send(CONNECT.v5);
  await first.packet();
  const second = await openRaw(t, port);
  second.send(CONNECT.v5);
  assert.match((await second.packet()) ?? "", /^20/);
  assert.equal(await first.packet(), "e0028e00", "session taken over");
  await first.ended();
  second.send("c000");
  assert.equal(await second.packet(), "d000");
});

test("what MQTT 5 says of a payload arrives with it", async (t) => {
  const { url } = await startMqtt(t);
  const reader = await connectMqtt(t, url);
  await reader.client.subscribeAsync("t", { qos: 1 });
  const properties = {
    contentType: "application/json",
    payloadFormatIndicator: true,
    messageExpiryInterval: 100,
    responseTopic: "answer/here",
    correlationData: Buffer.from([1, 0, 255]),
    userProperties: { a: ["1", "2"], "mqtt:response-topic": "mine" },
  };
  await reader.client.publishAsync("t", "{}", { qos: 1, properties });
  const { properties: come } = await reader.next();
  assert.deepEqual({ ...come, userProperties: { ...come?.userProperties } }, properties);
});

test("a peer may only do what its key allows", async (t) => {
  const { url, log } = await startMqtt(t, {
    peer: { key: "k", mayPublish: (topic) => topic === "yes", maySubscribe: (filter) => filter === "yes", isGood: () => true },
  });
  const { client } = await connectMqtt(t, url);
  const granted = await client.subscribeAsync(["yes", "no"].map((topic) => topic)).catch((error: unknown) => error);
  assert.match(String(granted), /Not authorized/);
  await assert.rejects(client.publishAsync("no", "x", { qos: 1 }), /Not authorized/);
  await client.publishAsync("yes", "x", { qos: 1 });
  assert.deepEqual(
    log.events.map(({ topic }) => topic),
    ["yes"],
  );
});

test("figures are under $SYS, and no wildcard brings them in", async (t) => {
  const { url } = await startMqtt(t);
  const reader = await connectMqtt(t, url);
  await reader.client.subscribeAsync("$SYS/broker/clients/connected", { qos: 0 });
  const figure = await reader.next();
  assert.deepEqual([figure.topic, figure.text, figure.retain], ["$SYS/broker/clients/connected", "1", true]);
  await assert.rejects(reader.client.publishAsync("$SYS/broker/version", "mine", { qos: 1 }), /Not authorized/);
});

test("a publisher that connects anew while its QoS 2 publication is stored is answered where it is now", async (t) => {
  const { port, log } = await startMqtt(t);
  const keep = "100d 0004 4d515454 04 00 003c 0001 6b";
  const first = await openRaw(t, port);
  first.send(keep);
  await first.packet();
  log.hold();
  first.send("3406 0001 74 0007 61 c000");
  await first.packet();
  first.socket.destroy();
  const second = await openRaw(t, port);
  second.send(keep);
  assert.equal(await second.packet(), "20020100");
  second.send("3c06 0001 74 0007 61 c000");
  assert.equal(await second.packet(), "d000");
  log.release();
  assert.equal(await second.packet(), "50020007");
  assert.equal(log.events.length, 1);
});
