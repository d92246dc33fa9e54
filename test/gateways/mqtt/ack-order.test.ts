import assert from "node:assert/strict";
import { test } from "node:test";
import { CONNECT, openRaw } from "../../support/raw-mqtt.ts";
import { startMqtt } from "../../support/test-mqtt.ts";

/** An MQTT 5 PUBLISH of "x" to `topic`, as hex. */
function publish(qos: 1 | 2, packetId: number, topic: string): string {
  const name = Buffer.from(topic);
  const head = Buffer.from([name.length >> 8, name.length & 0xff]);
  const rest = Buffer.concat([head, name, Buffer.from([0, packetId, 0]), Buffer.from("x")]);
  return Buffer.concat([Buffer.from([0x30 | (qos << 1), rest.length]), rest]).toString("hex");
}

const DEEP = Array.from({ length: 40 }, () => "x").join("/");

for (const qos of [1, 2] as const) {
  const ack = qos === 1 ? "40" : "50";
  test(`at QoS ${qos} a refusal waits for the acknowledgements before it, whatever the reason [MQTT-4.6.0-2]`, async (t) => {
    const { port, log } = await startMqtt(t);
    const peer = await openRaw(t, port);
    peer.send(CONNECT.v5);
    await peer.packet();
    log.hold();
    peer.send(
      publish(qos, 1, "a") + publish(qos, 2, "$SYS/not/allowed") + publish(qos, 3, "b") + publish(qos, 4, DEEP) + publish(qos, 5, "c"),
    );
    peer.send("c000");
    assert.equal(await peer.packet(), "d000", "nothing is acknowledged before it is stored");
    log.release();
    const answers = [await peer.packet(), await peer.packet(), await peer.packet(), await peer.packet(), await peer.packet()];
    assert.deepEqual(answers, [`${ack}020001`, `${ack}03000287`, `${ack}020003`, `${ack}03000490`, `${ack}020005`]);
  });
}

test("when the log is full all of a peer's publications are answered in their order", async (t) => {
  const { port, log } = await startMqtt(t);
  const peer = await openRaw(t, port);
  peer.send(CONNECT.v5);
  await peer.packet();
  log.hold();
  peer.send(publish(1, 1, "a"));
  peer.send("c000");
  await peer.packet();
  log.refuseWith({ code: "HUB_BUSY", message: "The hub has more in hand than it allows." });
  peer.send(publish(1, 2, "a"));
  peer.send("c000");
  assert.equal(await peer.packet(), "d000", "the refusal has not overtaken the first");
  log.release();
  assert.deepEqual([await peer.packet(), await peer.packet()], ["40020001", "4003000297"]);
});
