import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "../../support/fake-clock.ts";
import { startTestIngress } from "../../support/test-ingress.ts";
import { openWs, refusedWs } from "../../support/ws-client.ts";

test("a client subscribes, publishes with an ack, is told of the event, and unsubscribes", async (t) => {
  const { url, hub } = await startTestIngress(t);
  const client = await openWs(t, `${url}/ws`, ["signalbox.v1"]);
  assert.equal(client.socket.protocol, "signalbox.v1");
  client.send({ t: "subscribe", id: 1, filter: "sensors/#" });
  assert.deepEqual(await client.json(), { t: "subscribed", id: 1, seq: 0 });
  client.send({ t: "publish", id: "p", topic: "sensors/kitchen", payload: "21", ack: true });
  assert.deepEqual(await client.json(), { t: "ack", id: "p", seq: 1 });
  const { time, ...event } = await client.json();
  assert.ok(typeof time === "number" && Math.abs(time - Date.now()) < 60_000);
  assert.deepEqual(event, { t: "event", seq: 1, topic: "sensors/kitchen", contentType: null, payload: "21" });
  client.send({ t: "unsubscribe", id: 1 });
  assert.deepEqual(await client.json(), { t: "unsubscribed", id: 1 });
  await hub.publish({ topic: "sensors/kitchen", payload: Buffer.from("22") });
  client.send({ t: "ping", id: 3 });
  assert.deepEqual(await client.json(), { t: "pong", id: 3 }, "nothing came in between");
});

test("without a subprotocol signalbox.v1 is spoken; one nobody knows is refused with those that are known", async (t) => {
  const { url } = await startTestIngress(t);
  const client = await openWs(t, `${url}/ws`);
  client.send({ t: "ping" });
  assert.deepEqual(await client.json(), { t: "pong" });
  const { status, body } = await refusedWs(`${url}/ws`, ["graphql-ws"]);
  assert.equal(status, 400);
  assert.match(body, /signalbox\.v1, cloudevents\.json and mqtt/);
});

test("an event that matches several subscriptions of a connection comes once", async (t) => {
  const { url, hub } = await startTestIngress(t);
  const client = await openWs(t, `${url}/ws`);
  for (const [id, filter] of ["a/#", "a/+", "a/b"].entries()) {
    client.send({ t: "subscribe", id, filter });
    assert.equal((await client.json())["t"], "subscribed");
  }
  for (const n of ["1", "2"]) await hub.publish({ topic: "a/b", payload: Buffer.from(n) });
  assert.equal((await client.json())["payload"], "1");
  assert.equal((await client.json())["payload"], "2");
});

test("binary payloads travel as frames of their own when that is asked for, in both directions", async (t) => {
  const { url, log } = await startTestIngress(t);
  const client = await openWs(t, `${url}/ws`);
  client.send({ t: "subscribe", id: 1, filter: "a", binary: "frame" });
  await client.json();
  client.send({ t: "publish", id: 2, topic: "a", encoding: "frame" });
  client.send(Buffer.from([1, 2, 0xff]));
  const head = await client.json();
  assert.equal(head["encoding"], "frame");
  assert.equal("payload" in head, false);
  const { data, isBinary } = await client.next();
  assert.ok(isBinary);
  assert.deepEqual([...data], [1, 2, 0xff]);
  assert.equal(log.events[0]?.contentType, "application/octet-stream");
});

test("a payload that is no text in JSON is published as the JSON it is", async (t) => {
  const { url, log } = await startTestIngress(t);
  const client = await openWs(t, `${url}/ws`);
  client.send({ t: "publish", id: 1, topic: "a", payload: { on: true }, ack: true });
  await client.json();
  assert.equal(Buffer.from(log.events[0]!.body).toString(), '{"on":true}');
  assert.equal(log.events[0]!.contentType, "application/json");
});

test("bad input is answered with an error and its id, and repeated bad input closes with 1008", async (t) => {
  const { url } = await startTestIngress(t, { websocket: { maxFaults: 5 } });
  const client = await openWs(t, `${url}/ws`);
  const errors: [unknown, string, unknown][] = [
    ["no json", "FRAME_INVALID", undefined],
    [{ t: "nothing", id: 1 }, "FRAME_INVALID", 1],
    [{ t: "subscribe", id: 2, filter: "a/#/b" }, "TOPIC_INVALID", 2],
    [{ t: "publish", id: 3, topic: "a/+", payload: "" }, "TOPIC_INVALID", 3],
    [{ t: "publish", id: 4, topic: "a" }, "PARAMS_INVALID", 4],
  ];
  for (const [frame, code, id] of errors) {
    client.send(frame);
    const reply = await client.json();
    assert.equal(reply["t"], "error");
    assert.equal(reply["code"], code);
    assert.equal(reply["id"], id);
    assert.ok(String(reply["message"]).length > 10);
  }
  assert.equal((await client.closed).code, 1008);
});

test("on a topic's own address text stays text and binary binary, wherever it came from", async (t) => {
  const { url, hub } = await startTestIngress(t);
  const client = await openWs(t, `${url}/ws/topic/a%2Fb`);
  client.send("text");
  assert.deepEqual(await client.next(), { data: Buffer.from("text"), isBinary: false });
  client.send(Buffer.from("looks like text"));
  assert.deepEqual(await client.next(), { data: Buffer.from("looks like text"), isBinary: true });
  client.send("");
  assert.deepEqual(await client.next(), { data: Buffer.alloc(0), isBinary: false });
  await hub.publish({ topic: "a/b", payload: Buffer.from([0xff]) });
  assert.equal((await client.next()).isBinary, true);
  await hub.publish({ topic: "a/b", payload: Buffer.from("ü") });
  assert.equal((await client.next()).isBinary, false);
});

test("what a peer sent before its close comes back before the close is answered", async (t) => {
  const { url } = await startTestIngress(t);
  const client = await openWs(t, `${url}/ws/topic/echo`);
  for (let n = 0; n < 20; n += 1) client.send(String(n));
  client.socket.close(1000, "done");
  for (let n = 0; n < 20; n += 1) assert.equal((await client.next()).data.toString(), String(n));
  assert.equal((await client.closed).code, 1000);
});

test("a peer that leaves two pings unanswered is dead at the third; one that answers lives on", async (t) => {
  const clock = createFakeClock();
  const { url } = await startTestIngress(t, { clock });
  const dead = await openWs(t, `${url}/ws`, [], {}, { autoPong: false });
  const alive = await openWs(t, `${url}/ws`);
  for (let n = 0; n < 5; n += 1) {
    const pinged = new Promise((resolve) => alive.socket.once("ping", resolve));
    clock.advance(30_000);
    await pinged;
    // Its pong is read before this is answered.
    alive.send({ t: "ping" });
    await alive.json();
  }
  assert.equal((await dead.closed).code, 1006);
  assert.equal(alive.socket.readyState, alive.socket.OPEN);
});

test("a slow reader is cut with 1013, and a fast one beside it gets everything", async (t) => {
  const { url, hub } = await startTestIngress(t, { websocket: { maxQueuedBytes: 200_000 } });
  const slow = await openWs(t, `${url}/ws/topic/a`);
  const fast = await openWs(t, `${url}/ws/topic/a`);
  slow.socket.pause();
  const payload = Buffer.alloc(100_000, 97);
  for (let n = 0; n < 200; n += 1) {
    await hub.publish({ topic: "a", payload });
    assert.equal((await fast.next()).data.length, payload.length);
  }
  slow.socket.resume();
  const { code, reason } = await slow.closed;
  assert.equal(code, 1013);
  assert.match(reason, /slowly/);
  assert.ok(slow.waiting() < 200);
});

test("a key is asked for where it is given: a wrong one is refused, a right one does what it may", async (t) => {
  const { url, keys, log } = await startTestIngress(t);
  const made = await keys.add({ name: "pump", expiresAt: null, publish: ["dev/%k/#"], subscribe: ["cmd/%k"] });
  assert.ok(made.ok);
  const { secret } = made.value;
  assert.equal((await refusedWs(`${url}/ws?key=sbk_aaaaaaaaaa_${"x".repeat(32)}`)).status, 401);
  const client = await openWs(t, `${url}/ws`, [], { Authorization: `Bearer ${secret}` });
  client.send({ t: "publish", id: 1, topic: "dev/pump/on", payload: "1", ack: true });
  assert.equal((await client.json())["t"], "ack");
  client.send({ t: "publish", id: 2, topic: "dev/other", payload: "1", ack: true });
  assert.equal((await client.json())["code"], "TOPIC_FORBIDDEN");
  client.send({ t: "subscribe", id: 3, filter: "cmd/#" });
  assert.equal((await client.json())["code"], "TOPIC_FORBIDDEN");
  client.send({ t: "subscribe", id: 4, filter: "cmd/pump" });
  assert.equal((await client.json())["t"], "subscribed");
  assert.equal((await refusedWs(`${url}/ws/topic/elsewhere?key=${secret}`)).status, 403);
  assert.equal(log.events.length, 1);
});

test("events go out as CloudEvents, those that came as one with the attributes they had", async (t) => {
  const { url, hub } = await startTestIngress(t);
  const client = await openWs(t, `${url}/ws/topic/orders`, ["cloudevents.json"]);
  client.send({ specversion: "1.0", id: "A-1", source: "/shop", type: "order.made", colour: "red", data: { n: 1 } });
  const { sequence, ...own } = await client.json();
  assert.equal(sequence, "1");
  const attributes = { specversion: "1.0", id: "A-1", source: "/shop", type: "order.made", colour: "red" };
  assert.deepEqual(own, { ...attributes, datacontenttype: "application/json", topic: "orders", data: { n: 1 } });
  await hub.publish({ topic: "orders", payload: Buffer.from([0xff]), contentType: "image/x" });
  const other = await client.json();
  assert.equal(other["data_base64"], "/w==");
  assert.equal(other["type"], "signalbox.hub");
  assert.equal(other["subject"], "orders");
});
