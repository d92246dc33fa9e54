import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { io } from "socket.io-client";
import type { SessionInfo } from "../../main/contract/session.ts";
import { eventually } from "../support/eventually.ts";
import { connectMqtt } from "../support/mqtt-client.ts";
import { startTestIngress } from "../support/test-ingress.ts";
import { openWs } from "../support/ws-client.ts";

test("peers of every protocol are listed with what they do, and a disconnect reaches them", async (t) => {
  const { hub, url, keys } = await startTestIngress(t);
  const key = await keys.add({ name: "pump", expiresAt: null, publish: ["#"], subscribe: ["#"] });
  assert.ok(key.ok);
  const { secret } = key.value;
  const find = (protocol: string): SessionInfo | undefined => hub.sessions.list(10).sessions.find((one) => one.protocol === protocol);
  const will = { topic: "wills/m", payload: Buffer.from("gone"), qos: 1 as const, retain: false };
  const mqtt = await connectMqtt(t, `${url.replace("http", "ws")}/mqtt`, { clientId: "m", username: "pump", password: secret, will });
  await mqtt.client.subscribeAsync("a/#");
  const ws = await openWs(t, `${url}/ws`, ["signalbox.v1"], { authorization: `Bearer ${secret}` });
  ws.send({ t: "subscribe", filter: "a/b" });
  await ws.json();
  const plain = await openWs(t, `${url}/ws/topic/p`);
  const sse = await fetch(`${url}/sse?topic=a/%23`);
  const poll = fetch(`${url}/poll?topic=none&wait=30`);
  const socket = io(url, { transports: ["websocket"], reconnection: false });
  t.after(() => socket.close());
  await once(socket as never, "connect");
  await socket.emitWithAck("subscribe", "a/b");
  await eventually("all are there", () => hub.sessions.list(10).total === 6);

  ws.send({ t: "publish", topic: "a/b", payload: "1" });
  await mqtt.next();
  await eventually("all were given it", () => ["mqtt", "sse", "socket-io"].every((one) => find(one)!.sent.count === 1));
  const versions = hub.sessions.list(10).sessions.map(({ protocol, version }) => `${protocol} ${version}`);
  assert.deepEqual(versions.sort(), [
    "long-poll null",
    "mqtt 5",
    "socket-io websocket",
    "sse null",
    "websocket plain",
    "websocket signalbox.v1",
  ]);
  const device = find("mqtt")!;
  assert.deepEqual([device.name, device.key, device.remoteAddress, device.subscriptions], ["m", "pump", "127.0.0.1", ["a/#"]]);
  assert.deepEqual(device.will, { topic: "wills/m", qos: 1, retain: false, sizeBytes: 4 });
  const json = hub.sessions.list(10).sessions.find((one) => one.version === "signalbox.v1")!;
  assert.deepEqual([json.key, json.received.count, json.topics, json.subscriptions], ["pump", 1, ["a/b"], ["a/b"]]);

  const gone = [once(mqtt.client as never, "close"), ws.closed, plain.closed, once(socket as never, "disconnect")];
  for (const { id } of hub.sessions.list(10).sessions) assert.ok(hub.sessions.disconnect(id).ok);
  await Promise.all(gone);
  assert.equal((await ws.closed).code, 1000);
  assert.equal((await poll).status, 200);
  await sse.text();
  await eventually("nobody is left", () => hub.sessions.list(10).total === 0);
});
