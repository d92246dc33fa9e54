import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { startDevicesHub } from "../support/devices-hub.ts";
import { EXAMPLES } from "../support/run-example.ts";

const run = promisify(execFile);
const missing = ["mosquitto_pub", "curl"].filter((program) => spawnSync(program, ["--help"], { stdio: "ignore" }).error);
const skip = missing.length > 0 && `${missing.join(" and ")} are not installed (Debian's packages mosquitto-clients and curl)`;

/** The one-liners of the document, and a piece of what each must print. */
const EXPECTED = ['"seq":1}', '"seq":2}', '"seq":3}', "", "", 'lab/curl/lamp {"on":true}', "data: 21.5", '"cursor":', '"seq":8}'];

test("every one-liner of the document does what it says", { skip }, async (t) => {
  const hub = await startDevicesHub(t);
  const text = readFileSync(join(EXAMPLES, "mosquitto-and-curl/README.md"), "utf8");
  const blocks = [...text.matchAll(/```sh\n([^`]*)```/g)].map(([, block]) => block!);
  assert.equal(blocks.length, EXPECTED.length);
  for (const [index, block] of blocks.entries()) {
    const command = block.replaceAll("127.0.0.1:4800", new URL(hub.ingress).host).replaceAll("-p 1883", `-p ${hub.mqttPort}`);
    const { stdout } = await run("/bin/sh", ["-c", command], { timeout: 20_000 });
    assert.ok(stdout.includes(EXPECTED[index]!), `${command}\n${stdout}`);
  }
  const topics = (await hub.api.allEvents()).map(({ topic }) => topic);
  assert.deepEqual(
    topics.filter((topic) => !topic.startsWith("webhooks/")),
    [
      "lab/curl/temperature",
      "lab/curl/lamp",
      "lab/mosquitto/temperature",
      "lab/mosquitto/lines",
      "lab/mosquitto/lines",
      "lab/mosquitto/lines",
      "lab/curl/door",
    ],
  );
});
