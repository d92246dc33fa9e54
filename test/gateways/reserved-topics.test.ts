import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { io } from "socket.io-client";
import { ERRORS } from "../../main/contract/errors.ts";
import { connectMqtt } from "../support/mqtt-client.ts";
import { startTestIngress } from "../support/test-ingress.ts";
import { openWs } from "../support/ws-client.ts";

const RESERVED = ["$SYS/broker/uptime", "$share/a/b", "$other", "$"];

test("topics that begin with $ are published on by nobody, whatever the protocol", async (t) => {
  const { hub, log, url } = await startTestIngress(t);
  const ws = await openWs(t, `${url}/ws`, ["signalbox.v1"]);
  const socket = io(url, { transports: ["websocket"], reconnection: false });
  t.after(() => socket.close());
  await once(socket as never, "connect");
  const mqttUrl = `${url.replace("http", "ws")}/mqtt`;
  const five = await connectMqtt(t, mqttUrl);
  const old = await connectMqtt(t, mqttUrl, { protocolVersion: 4 });

  for (const topic of RESERVED) {
    const http = await fetch(`${url}/publish/${topic}`, { method: "POST", body: "x" });
    assert.equal(http.status, ERRORS.TOPIC_RESERVED.httpStatus, topic);
    assert.equal(((await http.json()) as { error: { code: string } }).error.code, "TOPIC_RESERVED");
    ws.send({ t: "publish", id: 7, topic, payload: "x", ack: true });
    assert.deepEqual(await ws.json().then(({ t: kind, code, id }) => [kind, code, id]), ["error", "TOPIC_RESERVED", 7]);
    const reply = (await socket.emitWithAck("publish", topic, "x")) as { error?: { code: string } };
    assert.equal(reply.error?.code, "TOPIC_RESERVED");
    const own = await hub.publish({ topic, payload: Buffer.from("x") });
    assert.equal(own.ok ? "" : own.refusal.code, "TOPIC_RESERVED");
    for (const qos of [1, 2] as const) await assert.rejects(five.client.publishAsync(topic, "x", { qos }), /Not authorized/, topic);
    await old.client.publishAsync(topic, "x", { qos: 1 }); // 3.1.1 has no word for it [MQTT-3.3.5-2]
  }
  const plain = await openWs(t, `${url}/ws/topic/$other`);
  plain.send("x");
  assert.equal((await plain.closed).code, ERRORS.TOPIC_RESERVED.closeCode);
  assert.deepEqual(log.events, []);
});

test("anyone may subscribe to $SYS", async (t) => {
  const { url } = await startTestIngress(t);
  const reader = await connectMqtt(t, `${url.replace("http", "ws")}/mqtt`);
  await reader.client.subscribeAsync("$SYS/broker/version");
  assert.match((await reader.next()).text, /^signalbox /);
});
