import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { USUAL_PORTS } from "../../main/contract/listener.ts";
import { startDevicesHub } from "../support/devices-hub.ts";
import { eventually } from "../support/eventually.ts";
import { rawFrame } from "../support/raw-ws.ts";
import { EXAMPLES } from "../support/run-example.ts";

const STAND_IN = join(import.meta.dirname, "arduino-stand-in");
const noCompiler = spawnSync("g++", ["--version"], { stdio: "ignore" }).status !== 0;

for (const sketch of ["mqtt", "websocket"])
  test(`the Arduino sketch "${sketch}" calls what its libraries declare`, { skip: noCompiler && "g++ is not installed" }, () => {
    const flags = ["-fsyntax-only", "-std=c++17", "-Wall", "-Wextra", "-Werror", "-include", "Arduino.h", "-I", STAND_IN];
    const { status, stderr } = spawnSync("g++", [...flags, "-x", "c++", pathOf(sketch)], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });

test("the sketches dial the ports the hub listens on unless told otherwise", () => {
  assert.equal(Number(readSketch("mqtt")("HUB_PORT")), USUAL_PORTS.mqtt);
  assert.equal(Number(readSketch("websocket")("HUB_PORT")), USUAL_PORTS.ingress);
});

/** The packets PubSubClient 2.8 makes of the sketch's calls (MQTT 3.1.1 §3.1, §3.3, §3.8), in their order. */
test("what PubSubClient sends for the MQTT sketch is understood: key, will, reading and command", async (t) => {
  const hub = await startDevicesHub(t);
  const secret = await hub.addKey("kitchen");
  const sketch = readSketch("mqtt");
  const [status, lamp] = [sketch("STATUS_TOPIC"), sketch("LAMP_TOPIC")];
  const device = await dial(t, Number(hub.mqttPort));
  // Will, its QoS 1 and retain, user name, password; the session is kept. Keep-alive 15 s.
  const flags = 0x04 | (1 << 3) | (1 << 5) | 0x80 | 0x40;
  const connectBody = [
    text("MQTT"),
    Buffer.from([4, flags, 0, 15]),
    ...[sketch("CLIENT_ID"), status, "offline", sketch("HUB_KEY_NAME"), secret].map(text),
  ];
  device.socket.write(packet(0x10, ...connectBody));
  await device.holds(Buffer.from([0x20, 2, 0, 0]), "CONNACK");
  device.socket.write(packet(0x31, text(status), Buffer.from("online")));
  device.socket.write(packet(0x82, Buffer.from([0, 2]), text(lamp), Buffer.from([1])));
  await device.holds(Buffer.from([0x90, 3, 0, 2, 1]), "SUBACK");
  device.socket.write(packet(0x30, text(sketch("TEMPERATURE_TOPIC")), Buffer.from('{"celsius":53.3}')));

  await fetch(`${hub.ingress}/publish/${lamp}?qos=1`, { method: "POST", body: "on" });
  await device.holds(Buffer.concat([text(lamp), Buffer.from([0, 1]), Buffer.from("on")]), "the command, with QoS 1 and packet id 1");
  device.socket.write(Buffer.from([0x40, 2, 0, 1]));
  device.socket.destroy();
  await eventually("the will is published", async () => {
    const topics = (await hub.api.allEvents()).map(({ topic }) => topic);
    return topics.filter((topic) => topic === status).length === 2 && topics.includes(sketch("TEMPERATURE_TOPIC"));
  });
});

/** The request WebSockets 2.4 makes of the sketch's calls, headers in its order; then a masked frame (RFC 6455 §5.3). */
test("what the WebSockets library sends for the plain sketch is understood: key, reading and command", async (t) => {
  const hub = await startDevicesHub(t);
  const secret = await hub.addKey("kitchen");
  const sketch = readSketch("websocket");
  const { host, port } = new URL(hub.ingress);
  const open = async (path: string): Promise<Device> => {
    const device = await dial(t, Number(port));
    device.socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${sketch("HUB_AUTHORIZATION").replace("sbk_...", secret)}\r\nUser-Agent: arduino-WebSocket-Client\r\n\r\n`,
    );
    await device.holds(Buffer.from("HTTP/1.1 101 "), "the upgrade");
    return device;
  };
  const lamp = await open(sketch("LAMP_PATH"));
  const temperature = await open(sketch("TEMPERATURE_PATH"));
  temperature.socket.write(rawFrame(1, '{"celsius":53.3}'));
  await temperature.holds(Buffer.from([0x81, 16, ...Buffer.from('{"celsius":53.3}')]), "its own reading");
  await fetch(`${hub.ingress}/publish/${sketch("LAMP_PATH").slice("/ws/topic/".length)}`, { method: "POST", body: "on" });
  await lamp.holds(Buffer.from([0x81, 2, ...Buffer.from("on")]), "the command as a text frame");
  for (const { socket } of [lamp, temperature]) socket.destroy();
});

test("a library for small devices that offers a subprotocol of its own gets the bare payload all the same", async (t) => {
  const hub = await startDevicesHub(t);
  const { host, port } = new URL(hub.ingress);
  const device = await dial(t, Number(port));
  device.socket.write(
    `GET /ws/topic/lab/esp32 HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: arduino\r\n\r\n",
  );
  await device.holds(Buffer.from("\r\n\r\n"), "the upgrade");
  assert.match(device.received().toString(), /^HTTP\/1\.1 101 /);
  assert.doesNotMatch(device.received().toString(), /Sec-WebSocket-Protocol/i);
  device.socket.destroy();
});

interface Device {
  readonly socket: Socket;
  received(): Buffer;
  holds(bytes: Buffer, what: string): Promise<unknown>;
}

async function dial(t: TestContext, port: number): Promise<Device> {
  const socket = connect({ host: "127.0.0.1", port });
  t.after(() => socket.destroy());
  await once(socket, "connect");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  const received = (): Buffer => Buffer.concat(chunks);
  return { socket, received, holds: (bytes, what) => eventually(what, () => received().includes(bytes)) };
}

/** The value of `const … name = value;` at the top of a sketch. */
function readSketch(sketch: string): (name: string) => string {
  const source = readFileSync(pathOf(sketch), "utf8");
  return (name) => {
    const value = new RegExp(`^const \\w+ \\*?${name} = "?([^";]*)"?;`, "m").exec(source)?.[1];
    if (value === undefined) throw new Error(`${sketch}.ino has no ${name}`);
    return value;
  };
}

function pathOf(sketch: string): string {
  return join(EXAMPLES, "arduino-esp32", sketch, `${sketch}.ino`);
}

/** MQTT 3.1.1 §1.5.3 */
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

function packet(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(body.length < 128 ? [type, body.length] : [type, (body.length & 127) | 128, body.length >> 7]), body]);
}
