import assert from "node:assert/strict";
import { test } from "node:test";
import { CONNECT, openRaw } from "../../support/raw-mqtt.ts";
import { startMqtt } from "../../support/test-mqtt.ts";

const OK = { v4: "20020000", v5: "2000" };

/** What a CONNECT is answered with before the connection ends; null for nothing. */
const CONNECTS: readonly (readonly [why: string, hex: string, answer: string | null])[] = [
  ["another first packet", "c000", null], // [MQTT-3.1.0-1]
  ["another protocol's name", "100d 0004 4d515455 04 02 003c 0001 61", null], // [MQTT-3.1.2-1]
  ["level 6", "100d 0004 4d515454 06 02 003c 0001 61", "20020001"], // [MQTT-3.1.2-2]
  ["the reserved flag", "100d 0004 4d515454 04 03 003c 0001 61", null], // [MQTT-3.1.2-3]
  ["a will of QoS 3", "1013 0004 4d515454 04 1e 003c 0001 61 0001 62 0001 63", null], // [MQTT-3.1.2-14]
  ["will flags without a will", "100d 0004 4d515454 04 0a 003c 0001 61", null], // [MQTT-3.1.2-13]
  ["a password without a user name", "1010 0004 4d515454 04 42 003c 0001 61 0001 62", null], // [MQTT-3.1.2-22]
  ["an empty id that is to be kept", "100c 0004 4d515454 04 00 003c 0000", "20020002"], // [MQTT-3.1.3-8]
  ["an id with U+0000", "100e 0004 4d515454 04 02 003c 0002 6100", null], // [MQTT-1.5.3-2]
  ["an id with a surrogate", "100f 0004 4d515454 04 02 003c 0003 eda080", null], // [MQTT-1.5.3-1]
  ["an id with an overlong form", "100e 0004 4d515454 04 02 003c 0002 c080", null],
  ["an id that is cut short", "100d 0004 4d515454 04 02 003c 0005 61", null],
  ["bytes after the end", "100f 0004 4d515454 04 02 003c 0001 61 0000", null],
  ["a property twice", "1014 0004 4d515454 05 02 003c 06 21000a21000a 0001 61", "20030082 00"],
  ["a receive maximum of 0", "1011 0004 4d515454 05 02 003c 03 210000 0001 61", "20030082 00"],
  ["a property of another packet", "1011 0004 4d515454 05 02 003c 03 230001 0001 61", "20030082 00"],
  ["an unknown way to authenticate", "1012 0004 4d515454 05 02 003c 04 15000178 0001 61", "2003008c 00"],
];

for (const [why, hex, answer] of CONNECTS) {
  test(`CONNECT with ${why} is refused and the connection ended`, async (t) => {
    const { port } = await startMqtt(t);
    const peer = await openRaw(t, port);
    peer.send(hex);
    if (answer !== null) assert.equal(await peer.packet(), answer.replaceAll(" ", ""));
    await peer.ended();
  });
}

/** What ends a connection that is open, and the reason an MQTT 5 peer is told. */
const FAULTS: readonly (readonly [why: string, v4: string | null, v5: string, reason: string])[] = [
  ["a second CONNECT", CONNECT.v4, CONNECT.v5, "82"], // [MQTT-3.1.0-2]
  ["QoS 3", "3606 0001 74 0001 78", "3607 0001 74 0001 00 78", "81"], // [MQTT-3.3.1-4]
  ["DUP at QoS 0", "3804 0001 74 78", "3805 0001 74 00 78", "81"], // [MQTT-3.3.1-2]
  ["packet identifier 0", "3206 0001 74 0000 78", "3207 0001 74 0000 00 78", "82"], // [MQTT-2.3.1-1]
  ["an empty topic", "3003 0000 78", "3004 0000 00 78", "81"], // [MQTT-4.7.3-1]
  ["a wildcard in a topic", "3004 0001 2b 78", "3005 0001 2b 00 78", "81"], // [MQTT-3.3.2-2]
  ["a topic with U+0000", "3005 0002 6100 78", "3006 0002 6100 00 78", "81"],
  ["a topic that is cut short", "3003 0005 61", "3003 0005 61", "81"],
  ["SUBSCRIBE without its flags", "8006 0001 0001 74 00", "8007 0001 00 0001 74 00", "81"], // [MQTT-3.8.1-1]
  ["SUBSCRIBE without a filter", "8202 0001", "8203 0001 00", "82"], // [MQTT-3.8.3-3]
  ["a filter a#", "8207 0001 0002 6123 00", "8208 0001 00 0002 6123 00", "81"], // [MQTT-4.7.1-2]
  ["a filter a+", "8207 0001 0002 612b 00", "8208 0001 00 0002 612b 00", "81"], // [MQTT-4.7.1-3]
  ["a subscription of QoS 3", "8206 0001 0001 74 03", "8207 0001 00 0001 74 03", "81"],
  ["reserved bits of a subscription", "8206 0001 0001 74 40", "8207 0001 00 0001 74 40", "81"],
  ["UNSUBSCRIBE without a filter", "a202 0001", "a203 0001 00", "82"], // [MQTT-3.10.3-2]
  ["PUBREL without its flags", "6002 0001", "6002 0001", "81"], // [MQTT-3.6.1-1]
  ["a packet only a server sends", "d000", "d000", "82"],
  ["packet type 0", "0000", "0000", "82"],
  ["PINGREQ with a body", "c00100", "c00100", "81"],
  ["a property twice", null, "300a 0001 74 06 01010101 0101", "82"],
  ["a property that is unknown", null, "3006 0001 74 02 7f00", "81"],
  ["a subscription identifier in PUBLISH", null, "3006 0001 74 02 0b01", "82"], // [MQTT-3.3.4-6]
  ["a topic alias of 0", null, "3008 0001 74 03 230000 78", "94"], // [MQTT-3.3.2-8]
  ["a topic alias above the maximum", null, "3008 0001 74 03 23ffff 78", "94"], // [MQTT-3.3.2-9]
  ["a topic alias that stands for nothing", null, "3007 0000 03 230001 78", "82"],
  ["a response topic with a wildcard", null, "3009 0001 74 04 08000123 78", "82"], // [MQTT-3.3.2-14]
  ["no local on a shared subscription", null, "8211 0001 00 000b 2473686172652f672f74 61 04", "82"],
];

for (const [why, v4, v5, reason] of FAULTS) {
  test(`${why} ends the connection; an MQTT 5 peer is told 0x${reason}`, async (t) => {
    const { port, hub } = await startMqtt(t);
    const published: string[] = [];
    hub.subscribe("#", (event) => published.push(event.topic));
    if (v4 !== null) {
      const peer = await openRaw(t, port);
      peer.send(CONNECT.v4);
      assert.equal(await peer.packet(), OK.v4);
      peer.send(v4);
      await peer.ended();
    }
    const peer = await openRaw(t, port);
    peer.send(CONNECT.v5);
    assert.match((await peer.packet()) ?? "", /^20..0000/);
    peer.send(v5);
    assert.equal(await peer.packet(), `e001${reason}`);
    await peer.ended();
    assert.deepEqual(published, []);
  });
}

test("a packet above the maximum ends the connection with 0x95 before its bytes have come", async (t) => {
  const { port } = await startMqtt(t, { limits: { maxPacketBytes: 1000 } });
  const peer = await openRaw(t, port);
  peer.send(CONNECT.v5);
  assert.match((await peer.packet()) ?? "", /27000003e8$/, "the maximum is stated");
  peer.send("30 e907");
  assert.equal(await peer.packet(), "e00195");
  await peer.ended();
});

test("whoever announces a large CONNECT is hung up on at once", async (t) => {
  const { port } = await startMqtt(t);
  const peer = await openRaw(t, port);
  peer.send("10 ffffff1f 0004");
  await peer.ended();
});

test("whoever says nothing is hung up on", async (t) => {
  const { port } = await startMqtt(t, { limits: { connectTimeoutMs: 100 } });
  const peer = await openRaw(t, port);
  peer.send("10");
  await peer.ended();
});

test("whoever stays silent beyond one and a half keep-alives is hung up on", async (t) => {
  const { port } = await startMqtt(t);
  const peer = await openRaw(t, port);
  peer.send("100e 0004 4d515454 05 02 0001 00 0001 61");
  assert.match((await peer.packet()) ?? "", /^20..0000/);
  assert.equal(await peer.packet(), "e0018d"); // [MQTT-3.1.2-22]
  await peer.ended();
});

test("connections beyond the bound are closed, and those that are there go on", async (t) => {
  const { port } = await startMqtt(t, { limits: { maxConnections: 1 } });
  const first = await openRaw(t, port);
  first.send(CONNECT.v4);
  assert.equal(await first.packet(), OK.v4);
  const second = await openRaw(t, port);
  second.send(CONNECT.v4);
  await second.ended();
  first.send("c000");
  assert.equal(await first.packet(), "d000");
});
