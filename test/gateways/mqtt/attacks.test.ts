import assert from "node:assert/strict";
import { test } from "node:test";
import { Turns } from "../../../main/gateways/mqtt/turns.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { connectMqtt } from "../../support/mqtt-client.ts";
import { CONNECT, openRaw } from "../../support/raw-mqtt.ts";
import { startTestIngress } from "../../support/test-ingress.ts";
import { startMqtt } from "../../support/test-mqtt.ts";

const ANYTHING = { publish: ["#"], subscribe: ["#"], expiresAt: null };
const KEPT = { clientId: "pump", clean: false, properties: { sessionExpiryInterval: 1000 } };

test("a client id is no way into the session of a device with another key", async (t) => {
  const { mqttUrl, keys, hub } = await startTestIngress(t);
  const ada = await keys.add({ name: "ada", ...ANYTHING });
  const eve = await keys.add({ name: "eve", ...ANYTHING });
  assert.ok(ada.ok && eve.ok);
  const asAda = { ...KEPT, username: "ada", password: ada.value.secret };
  const asEve = { ...KEPT, username: "eve", password: eve.value.secret };
  const device = await connectMqtt(t, mqttUrl, asAda);
  await device.client.subscribeAsync("secret/#", { qos: 1 });
  await assert.rejects(connectMqtt(t, mqttUrl, asEve), { code: 0x85 });
  await assert.rejects(connectMqtt(t, mqttUrl, { ...asEve, protocolVersion: 4 }), { code: 2 });
  await assert.rejects(connectMqtt(t, mqttUrl, { ...KEPT, clean: true }), { code: 0x85 }, "nor without a key");
  await hub.publish({ topic: "secret/1", payload: Buffer.from("for ada") });
  assert.equal((await device.next()).text, "for ada", "the device was not even disturbed");
  await device.client.endAsync();
  const again = await connectMqtt(t, mqttUrl, asAda);
  assert.equal(again.connack.sessionPresent, true);
  await again.client.endAsync();
  assert.ok(keys.revoke("ada").ok);
  await connectMqtt(t, mqttUrl, asEve); // A key that is no more owns nothing: a device may be paired anew.
});

test("whoever sends thousands of SUBSCRIBE at once keeps nobody else waiting for the end of them", async (t) => {
  const { port, hub } = await startMqtt(t);
  for (let n = 0; n < 100; n += 1) void hub.publish({ topic: `kept/${n}`, payload: Buffer.from("x"), retain: true });
  await hub.publish({ topic: "kept/last", payload: Buffer.from("x"), retain: true });
  const stormer = await openRaw(t, port);
  stormer.send(CONNECT.v4);
  await stormer.packet();
  const other = await openRaw(t, port);
  other.send("100d 0004 4d515454 04 02 003c 0001 62");
  await other.packet();
  stormer.send("820c 0001 0007 2b2f2b2f2b2f78 00".repeat(3000));
  other.send("c000");
  let answered = 0;
  const storm = (async () => {
    for (; answered < 3000; answered += 1) await stormer.packet();
  })();
  assert.equal(await other.packet(), "d000");
  assert.ok(answered < 3000, `${answered} were answered before`);
  await storm;
});

test("connections that have much to handle take turns, in the order they asked, a few at a time", async () => {
  const clock = createFakeClock();
  const turns = new Turns(clock);
  const ran: string[] = [];
  const work = (name: string): (() => void) => {
    return () => {
      const until = turns.begin();
      ran.push(name);
      clock.advance(4);
      assert.ok(turns.isOver(until), `${name} has had its share`);
    };
  };
  const until = turns.begin();
  clock.advance(9);
  assert.ok(!turns.isOver(until), "one that is alone has the whole turn");
  clock.advance(2);
  assert.ok(turns.isOver(until));
  for (const name of ["a", "b", "c", "d", "e"]) turns.defer(work(name));
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(ran.length < 5, `${ran.join()} ran in one turn`);
  while (ran.length < 5) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(ran, ["a", "b", "c", "d", "e"]);
});
