import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { startDevicesHub } from "../support/devices-hub.ts";
import { eventually } from "../support/eventually.ts";
import { runExample } from "../support/run-example.ts";

const PYTHON = "/usr/bin/python3";
const noPaho = spawnSync(PYTHON, ["-c", "import paho.mqtt.client"], { stdio: "ignore" }).status !== 0;
const skip = noPaho && "paho for Python is not installed (Debian's package python3-paho-mqtt)";

test("the Python publisher's readings are stored, and the subscriber gets also those of while it was away", { skip }, async (t) => {
  const hub = await startDevicesHub(t);
  const at = ["--host", "127.0.0.1", "--port", hub.mqttPort];
  const read = (count: number) =>
    runExample(t, "python-paho", [PYTHON, "subscriber.py", ...at, "--filter", "lab/+/temperature", "--count", String(count)]);
  const write = (count: number) =>
    runExample(t, "python-paho", [PYTHON, "publisher.py", ...at, "--every", "0.01", "--count", String(count)]);

  const first = read(2);
  await first.says("a new session");
  assert.equal(await write(2).exited, 0);
  assert.equal(await first.exited, 0, first.output());
  assert.equal(await write(3).exited, 0);
  const again = read(3);
  await again.says("back in our session");
  assert.equal(await again.exited, 0, again.output());
  const seen = [first, again].flatMap((run) => [...run.output().matchAll(/"celsius": ([\d.]+)/g)].map(([, value]) => value));
  const stored = await hub.api.allEvents("topic:lab/python/temperature");
  const values = await Promise.all(stored.map(async ({ id }) => JSON.parse((await hub.api.body(id)).toString()) as { celsius: number }));
  assert.deepEqual(
    seen.map(Number),
    values.map(({ celsius }) => celsius),
  );
});

test("the Python publisher's last will says that it vanished", { skip }, async (t) => {
  const hub = await startDevicesHub(t);
  const publisher = runExample(t, "python-paho", [PYTHON, "publisher.py", "--port", hub.mqttPort, "--every", "60"]);
  await publisher.says("stored lab/python/temperature");
  publisher.signal("SIGKILL");
  await eventually("the will is there", async () => {
    const [last] = (await hub.api.allEvents("topic:lab/python/status")).slice(-1);
    return last !== undefined && (await hub.api.body(last.id)).toString() === "offline";
  });
});

test("with a key the Python programs are let in, with a wrong one they say why not", { skip }, async (t) => {
  const hub = await startDevicesHub(t);
  const secret = await hub.addKey("kitchen");
  const publish = (key: string) =>
    runExample(t, "python-paho", [PYTHON, "publisher.py", "--port", hub.mqttPort, "--count", "1", "--every", "0"], {
      HUB_KEY_NAME: "kitchen",
      HUB_KEY: key,
    });
  const right = publish(secret);
  assert.equal(await right.exited, 0, right.output());
  const wrong = publish("sbk_wrong");
  assert.equal(await wrong.exited, 1);
  assert.match(wrong.output(), /The hub refused us: .*HUB_KEY/);
});
