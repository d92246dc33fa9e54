import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { WebSocketServer } from "ws";
import { retryDelayMs } from "../../client/retry-delay.ts";
import { bytesOf, connectSignalbox, type SignalboxError, type SignalboxEvent } from "../../client/signalbox-client.ts";
import { openCuttableWire } from "../support/cuttable-wire.ts";
import { eventually } from "../support/eventually.ts";
import { startTestIngress } from "../support/test-ingress.ts";

test("events come once and in order to each subscription, and every publication is stored, however often the wire is cut", async (t) => {
  // The wire's port is not the hub's: its name is allowed.
  const { hub, log, port } = await startTestIngress(t, { allowHosts: ["127.0.0.1"] });
  const wire = await openCuttableWire(t, port);
  let opened = 0;
  const client = connectSignalbox({ url: wire.url, onState: (state) => (opened += state === "open" ? 1 : 0) });
  t.after(() => client.close());
  const got: Record<string, number[]> = { "a/#": [], "a/+": [], "a/b": [] };
  for (const [filter, seqs] of Object.entries(got)) client.subscribe(filter, ({ seq }: SignalboxEvent) => seqs.push(seq), { after: 0 });
  await eventually("it is connected", () => client.state === "open");

  const stored: Promise<{ seq: number }>[] = [];
  for (let n = 0; n < 600; n += 1) {
    if (n % 3 === 0) stored.push(client.publish("a/b", `client ${n}`));
    else await hub.publish({ topic: "a/b", payload: Buffer.from(`hub ${n}`) });
    if (n % 97 === 50) wire.cut();
  }
  const seqs = (await Promise.all(stored)).map(({ seq }) => seq);
  assert.equal(new Set(seqs).size, 200);
  for (const seq of seqs) assert.match(Buffer.from(log.events[seq - 1]!.body).toString(), /^client/);
  const all = log.events.map(({ seq }) => seq);
  for (const [filter, seen] of Object.entries(got)) {
    await eventually(`${filter} has everything`, () => seen.length >= all.length);
    assert.deepEqual(seen, all, filter);
  }
  assert.ok(opened > 1, "it came back at least once");
});

test("what is refused rejects with the hub's code; bytes go and come as they are", async (t) => {
  const { log, url } = await startTestIngress(t);
  const client = connectSignalbox({ url });
  t.after(() => client.close());
  const got: SignalboxEvent[] = [];
  client.subscribe("a", (event) => got.push(event), { after: 0 });
  await client.publish("a", new Uint8Array([0, 255]));
  await client.publish("a", new Uint8Array([1, 254]).buffer, { contentType: "application/octet-stream" });
  await client.publish("a", { celsius: 21.5 });
  await assert.rejects(client.publish("a/+", "x"), { name: "SignalboxError", code: "TOPIC_INVALID" });
  assert.deepEqual([...log.events[0]!.body], [0, 255]);
  await eventually("all have come", () => got.length === 3);
  assert.deepEqual(
    got.slice(0, 2).map((event) => [...bytesOf(event)]),
    [
      [0, 255],
      [1, 254],
    ],
  );
  assert.deepEqual([got[2]!.contentType, got[2]!.payload], ["application/json", '{"celsius":21.5}']);
});

test("a subscription the hub refuses is told to onError, and leaves the others alone", async (t) => {
  const { hub, url } = await startTestIngress(t);
  const errors: SignalboxError[] = [];
  const client = connectSignalbox({ url, onError: (error) => errors.push(error) });
  t.after(() => client.close());
  const got: string[] = [];
  client.subscribe("a/#/b", () => got.push("never"));
  client.subscribe("a", ({ payload }) => got.push(payload), { after: 0 });
  assert.throws(() => client.subscribe("a", () => undefined), /subscription to a already/);
  await eventually("it was told", () => errors.length === 1);
  assert.equal(errors[0]!.code, "TOPIC_INVALID");
  await hub.publish({ topic: "a", payload: Buffer.from("x") });
  await eventually("the other works", () => got.length === 1);
});

test("after an unsubscribe nothing comes, and the filter can be subscribed to again with what is retained", async (t) => {
  const { hub, url } = await startTestIngress(t);
  await hub.publish({ topic: "lamp", payload: Buffer.from("on"), retain: true });
  const client = connectSignalbox({ url });
  t.after(() => client.close());
  const first: SignalboxEvent[] = [];
  const stop = client.subscribe("lamp", (event) => first.push(event));
  await eventually("the retained event has come", () => first.length === 1);
  assert.equal(first[0]!.retained, true);
  stop();
  const second: SignalboxEvent[] = [];
  client.subscribe("lamp", (event) => second.push(event));
  await eventually("it has come again", () => second.length === 1);
  await client.publish("lamp", "off");
  await eventually("what is new comes to the second", () => second.length === 2);
  assert.equal(first.length, 1);
});

test("what is published before there is a hub waits within its bounds, is told once, and is stored in order when the hub comes", async (t) => {
  const wire = await openCuttableWire(t, null);
  const errors: SignalboxError[] = [];
  const client = connectSignalbox({
    url: wire.url,
    maxOutbox: 3,
    maxOutboxBytes: 2000,
    onError: (error) => errors.push(error),
  });
  t.after(() => client.close());
  const waiting = [client.publish("a", "first"), client.publish("a", "second")];
  await assert.rejects(client.publish("a", "x".repeat(2000)), { code: "OUTBOX_FULL" });
  waiting.push(client.publish("a", "third"));
  await assert.rejects(client.publish("a", "fourth"), { code: "OUTBOX_FULL" });
  await eventually("it has tried and failed", () => errors.length > 0);
  assert.deepEqual(
    errors.map(({ code }) => code),
    ["CONNECT_FAILED"],
  );

  const { port, log } = await startTestIngress(t, { allowHosts: ["127.0.0.1"] });
  wire.leadTo(port);
  await Promise.all(waiting);
  assert.deepEqual(
    log.events.map(({ body }) => Buffer.from(body).toString()),
    ["first", "second", "third"],
  );
  assert.equal(errors.length, 1);
});

test("a hub that does not say a word any more is given up, and asked again", async (t) => {
  const silent = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "signalbox.v1" });
  t.after(() => {
    for (const socket of silent.clients) socket.terminate();
    silent.close();
  });
  let connections = 0;
  silent.on("connection", () => (connections += 1));
  await once(silent, "listening");
  const client = connectSignalbox({ url: `ws://127.0.0.1:${(silent.address() as AddressInfo).port}`, heartbeatMs: 20 });
  t.after(() => client.close());
  await eventually("it has come again", () => connections >= 2);
});

test("a closed client rejects what waits and what is new, and stays closed", async (t) => {
  const { url } = await startTestIngress(t);
  const states: string[] = [];
  const client = connectSignalbox({ url, onState: (state) => states.push(state) });
  const waiting = client.publish("a", "x");
  client.close();
  client.close();
  await assert.rejects(waiting, { code: "CLIENT_CLOSED" });
  await assert.rejects(client.publish("a", "y"), { code: "CLIENT_CLOSED" });
  assert.deepEqual([client.state, ...states], ["closed", "closed"]);
});

test("each wait is up to twice the last one's, at most half a minute, and spread from nothing on", () => {
  assert.equal(retryDelayMs(0, 1), 250);
  assert.equal(retryDelayMs(3, 1), 2000);
  assert.equal(retryDelayMs(50, 1), 30_000);
  assert.equal(retryDelayMs(5, 0), 0);
});
