import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { startMqtt } from "../../support/test-mqtt.ts";

const run = promisify(execFile);
const WITHIN = { timeout: 20_000 };

const missing = (command: string, ...args: string[]): string | false =>
  spawnSync(command, args, { stdio: "ignore" }).status === null ? `${command} is not installed` : false;
const PYTHON = "/usr/bin/python3";
const noPaho =
  spawnSync(PYTHON, ["-c", "import paho.mqtt.client"], { stdio: "ignore" }).status === 0 ? false : "paho for Python is not installed";

for (const version of ["mqttv31", "mqttv311", "mqttv5"]) {
  test(
    `mosquitto's clients publish and subscribe with ${version} at every QoS`,
    { skip: missing("mosquitto_pub", "--help") },
    async (t) => {
      const { port, log } = await startMqtt(t);
      const where = ["-h", "127.0.0.1", "-p", String(port), "-V", version];
      for (const qos of ["0", "1", "2"]) {
        await run("mosquitto_pub", [...where, "-t", `from/${qos}`, "-m", `payload ${qos}`, "-q", qos, "-r"], WITHIN);
      }
      const { stdout } = await run("mosquitto_sub", [...where, "-t", "from/+", "-q", "2", "-C", "3", "-F", "%t %p %q %r"], WITHIN);
      assert.deepEqual(stdout.trim().split("\n").sort(), ["from/0 payload 0 0 1", "from/1 payload 1 1 1", "from/2 payload 2 2 1"]);
      assert.deepEqual(
        log.events.map(({ topic }) => topic),
        ["from/0", "from/1", "from/2"],
      );
    },
  );
}

const PAHO = `
import sys, paho.mqtt.client as mqtt
port = int(sys.argv[1])
got = []
def on_connect(c, u, f, rc):
    c.subscribe("paho/#", 2)
def on_subscribe(c, u, mid, granted):
    for n in range(20): c.publish("paho/" + str(n % 3), "m%d" % n, qos=n % 3)
def on_message(c, u, m):
    got.append(m.payload.decode())
    if len(got) == 20: c.disconnect()
c = mqtt.Client("paho")
c.on_connect, c.on_subscribe, c.on_message = on_connect, on_subscribe, on_message
c.connect("127.0.0.1", port)
c.loop_forever()
print(",".join(sorted(got, key=lambda m: int(m[1:]))))
`;

test("paho publishes to itself at every QoS", { skip: noPaho }, async (t) => {
  const { port } = await startMqtt(t);
  const { stdout } = await run(PYTHON, ["-c", PAHO, String(port)], WITHIN);
  assert.equal(stdout.trim(), Array.from({ length: 20 }, (_, n) => `m${n}`).join(","));
});
