import assert from "node:assert/strict";
import { test } from "node:test";
import { startDevicesHub } from "../support/devices-hub.ts";
import { runExample } from "../support/run-example.ts";

test("the example of the client library publishes, sees the log from its beginning, and ends when asked to", async (t) => {
  const hub = await startDevicesHub(t);
  const secret = await hub.addKey("kitchen");
  await fetch(`${hub.ingress}/publish/lab/before`, { method: "POST", body: "there already" });
  const example = runExample(t, "node", [process.execPath, "client-library.ts"], { HUB_URL: hub.ingress, HUB_KEY: secret });
  await example.says("1 lab/before there already");
  await example.says('2 lab/node/count {"count":1}');
  await example.says("stored as 2");
  example.signal("SIGINT");
  assert.equal(await example.exited, 0, example.output());
});

test("with a wrong key the example of the client library says what may be wrong", async (t) => {
  const hub = await startDevicesHub(t);
  const example = runExample(t, "node", [process.execPath, "client-library.ts"], { HUB_URL: hub.ingress, HUB_KEY: "sbk_wrong" });
  await example.says("did not let this client in");
});

test("the example of mqtt.js keeps a lamp's state, obeys, and says good-bye", async (t) => {
  const hub = await startDevicesHub(t);
  const secret = await hub.addKey("kitchen");
  const example = runExample(t, "node", [process.execPath, "with-mqtt.ts"], {
    HUB_URL: hub.mqtt,
    HUB_KEY_NAME: "kitchen",
    HUB_KEY: secret,
  });
  await example.says("lab/node/lamp on");
  await fetch(`${hub.ingress}/publish/lab/node/lamp/set`, { method: "POST", body: "off" });
  await example.says("lab/node/lamp off");
  example.signal("SIGINT");
  assert.equal(await example.exited, 0, example.output());
  const retained = await fetch(`${hub.ingress}/poll?topic=lab/%23&after=now&wait=0`);
  const { events } = (await retained.json()) as { events: { topic: string; payload: string }[] };
  const kept = Object.fromEntries(events.map(({ topic, payload }) => [topic, payload]));
  assert.deepEqual(kept, { "lab/node/lamp": "off", "lab/node/lamp/status": "offline" });
});
