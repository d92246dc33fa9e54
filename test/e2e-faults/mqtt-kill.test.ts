import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { connect, type MqttClient } from "mqtt";
import { startHub, type TestHub } from "../support/run-signalbox.ts";
import { tempFolder } from "../support/temp-folder.ts";

const KILLS = 10;
const PER_LIFE = 40;

/** mqtt.js as a device is: it connects anew by itself, keeps its session, and what is not acknowledged. */
function openDevice(t: TestContext, url: string, clientId: string): MqttClient {
  const properties = { sessionExpiryInterval: 3600 };
  const device = connect(url, { clientId, clean: false, protocolVersion: 5, properties, reconnectPeriod: 50, connectTimeout: 2000 });
  device.on("error", () => {}); // the hub is not there now and then
  t.after(() => device.end(true));
  return device;
}

async function startAt(folder: string, port: number): Promise<TestHub & { readonly mqtt: string }> {
  const hub = await startHub({ dataFolder: folder, env: { SIGNALBOX_MQTT: `127.0.0.1:${port}`, SIGNALBOX_INGRESS: "off" } });
  return { ...hub, mqtt: (hub.json as unknown as { mqtt: string }).mqtt };
}

for (const qos of [1, 2] as const) {
  test(`through ${KILLS} kill -9, QoS ${qos} loses nothing acknowledged${qos === 2 ? ", delivers nothing twice" : ""}, and keeps the order`, async (t) => {
    const folder = tempFolder(t);
    let hub = await startAt(folder, 0);
    t.after(() => hub.kill());
    const port = Number(new URL(hub.mqtt).port);
    const reader = openDevice(t, hub.mqtt, "reader");
    const come: number[] = [];
    let wake = (): void => {};
    reader.on("message", (_topic, payload) => {
      come.push(Number(payload.toString()));
      wake();
    });
    await reader.subscribeAsync("numbers", { qos });
    const writer = openDevice(t, hub.mqtt, "writer");
    await writer.publishAsync("kept", "first", { qos: 1, retain: true });

    const acknowledged: number[] = [];
    let published = 0;
    for (let life = 0; life <= KILLS; life += 1) {
      const target = acknowledged.length + PER_LIFE;
      await new Promise<void>((resolve) => {
        const publish = (): void => {
          const number = published;
          published += 1;
          writer.publish("numbers", String(number), { qos }, (error) => {
            if (error) return;
            acknowledged.push(number);
            if (acknowledged.length >= target) resolve();
            else publish();
          });
        };
        // Several under way, so that each kill meets some in every stage.
        for (let n = 0; n < 8; n += 1) publish();
      });
      if (life === KILLS) break;
      await hub.kill();
      hub = await startAt(folder, port);
    }
    while (!acknowledged.every((number) => come.includes(number))) await new Promise<void>((resolve) => (wake = resolve));
    const first = come.filter((number, place) => come.indexOf(number) === place);
    assert.deepEqual(
      first,
      [...first].sort((a, b) => a - b),
      "the order holds",
    );
    if (qos === 2) assert.equal(come.length, first.length, "nothing came twice");
    const late = openDevice(t, hub.mqtt, "late");
    const kept = new Promise<string>((resolve) => late.on("message", (_topic, payload) => resolve(payload.toString())));
    await late.subscribeAsync("kept", { qos: 1 });
    assert.equal(await kept, "first", "what is retained is there");
  });
}

test("a kill -9 right after the acknowledgement takes nothing from those who were away, and sends the will of those who were there", async (t) => {
  const folder = tempFolder(t);
  let hub = await startAt(folder, 0);
  t.after(() => hub.kill());
  const port = Number(new URL(hub.mqtt).port);
  const away = openDevice(t, hub.mqtt, "away");
  await away.subscribeAsync(["owed/#", "will/#"], { qos: 1 });
  await away.endAsync();
  const doomed = connect(hub.mqtt, {
    clientId: "doomed",
    reconnectPeriod: 0,
    will: { topic: "will/doomed", payload: Buffer.from("gone"), qos: 1, retain: false },
  });
  doomed.on("error", () => {});
  t.after(() => doomed.end(true));
  const writer = openDevice(t, hub.mqtt, "writer");
  await Promise.all(Array.from({ length: 50 }, (_, n) => writer.publishAsync("owed/x", String(n), { qos: 1 })));
  await hub.kill();
  writer.end(true);
  hub = await startAt(folder, port);
  const back = connect(hub.mqtt, {
    clientId: "away",
    clean: false,
    protocolVersion: 5,
    properties: { sessionExpiryInterval: 3600 },
    reconnectPeriod: 0,
  });
  t.after(() => back.end(true));
  const come: string[] = [];
  await new Promise<void>((resolve) => {
    back.on("message", (topic, payload) => {
      come.push(topic === "will/doomed" ? "will" : payload.toString());
      if (come.length === 51) resolve();
    });
  });
  assert.deepEqual(come, [...Array.from({ length: 50 }, (_, n) => String(n)), "will"]);
});

test("a kill -9 takes no will before its delay, and no session of those who were there or away", async (t) => {
  const folder = tempFolder(t);
  let hub = await startAt(folder, 0);
  t.after(() => hub.kill());
  const port = Number(new URL(hub.mqtt).port);
  const comeWithWill = async (clientId: string, willDelayInterval: number): Promise<void> => {
    const will = {
      topic: `will/${clientId}`,
      payload: Buffer.from("gone"),
      qos: 1 as const,
      retain: false,
      properties: { willDelayInterval },
    };
    const device = connect(hub.mqtt, {
      clientId,
      clean: false,
      protocolVersion: 5,
      properties: { sessionExpiryInterval: 3600 },
      will,
      reconnectPeriod: 0,
    });
    device.on("error", () => {});
    t.after(() => device.end(true));
    await new Promise((resolve) => device.once("connect", resolve));
  };
  const reader = openDevice(t, hub.mqtt, "reader");
  const come: string[] = [];
  let wake = (): void => {};
  reader.on("message", (topic) => {
    come.push(topic);
    wake();
  });
  await reader.subscribeAsync("will/#", { qos: 1 });
  for (const [clientId, delay] of [
    ["comes-back", 2],
    ["stays-away", 2],
    ["without-delay", 0],
  ] as const)
    await comeWithWill(clientId, delay);
  await hub.kill();
  hub = await startAt(folder, port);
  await comeWithWill("comes-back", 2);
  const answer = await fetch(`${hub.inspector}/api/v1/sessions`, { headers: { authorization: `Bearer ${hub.token}` } });
  const { sessions } = (await answer.json()) as { sessions: { name: string; connected: boolean }[] };
  const connectedOf = (wanted: string): boolean | undefined => sessions.find(({ name }) => name === wanted)?.connected;
  assert.deepEqual([connectedOf("comes-back"), connectedOf("stays-away")], [true, false]);
  while (come.length < 2) await new Promise<void>((resolve) => (wake = resolve));
  await reader.publishAsync("will/end", "", { qos: 1 });
  while (come.length < 3) await new Promise<void>((resolve) => (wake = resolve));
  assert.deepEqual(come, ["will/without-delay", "will/stays-away", "will/end"]);
});
