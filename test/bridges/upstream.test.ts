import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { createBridges } from "../../main/bridges/bridges.ts";
import { makeCertificate } from "../../main/access/tls/make-certificate.ts";
import type { Bridge } from "../../main/contract/bridge.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { eventually } from "../support/eventually.ts";
import { createMemoryState } from "../support/memory-state.ts";
import { createMosquitto, freePort, NO_MOSQUITTO } from "../support/mosquitto.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTestIngress } from "../support/test-ingress.ts";
import { createTestHub } from "../support/test-hub.ts";

const skip = NO_MOSQUITTO;
const IN = { filter: "in/#", localPrefix: "", remotePrefix: "" };

function startBridge(t: TestContext, change: Partial<Bridge>) {
  const { hub, log } = createTestHub();
  const bridge: Bridge = {
    name: "up",
    url: "",
    version: 5,
    username: null,
    password: null,
    ca: null,
    subscribe: [IN],
    publish: [],
    ...change,
  };
  const bridges = createBridges({
    hub,
    state: createMemoryState(),
    logId: log.status().id,
    clock: systemClock,
    logger: silentLogger,
    backOff: { firstMs: 20, mostMs: 100 },
    configured: [bridge],
  });
  t.after(() => bridges.stop());
  bridges.start();
  return { log, bridges, status: () => bridges.status()[0]! };
}

for (const version of [4, 5] as const)
  test(
    `many messages from upstream are stored at once and in order, each acknowledged after its commit, with version ${version}`,
    { skip },
    async (t) => {
      const mosquitto = await createMosquitto(t, "max_queued_messages 0\nmax_inflight_messages 1000");
      await mosquitto.start();
      const { log, bridges, status } = startBridge(t, { url: mosquitto.url, version });
      await eventually("it is connected", () => status().state === "connected");
      const client = await mosquitto.client();
      log.hold();
      await Promise.all(Array.from({ length: 300 }, (_, n) => client.publishAsync("in/a", String(n), { qos: 1 })));
      await eventually("all wait for one commit", () => log.waiting() === 300);
      assert.equal(status().received, 0);
      log.release();
      await eventually("all are stored", () => status().received === 300);
      assert.deepEqual(
        log.events.map(({ body }) => Number(Buffer.from(body).toString())),
        Array.from({ length: 300 }, (_, n) => n),
      );
      // They were acknowledged: to the next connection none of them is given again.
      await bridges.stop();
      bridges.start();
      await eventually("it is connected again", () => status().state === "connected");
      await client.publishAsync("in/end", "end", { qos: 1 });
      await eventually("the last has come", () => log.events.some(({ topic }) => topic === "in/end"));
      assert.equal(log.events.length, 301);
    },
  );

test("what cannot be stored is not acknowledged, and comes again when it can", { skip }, async (t) => {
  const mosquitto = await createMosquitto(t);
  await mosquitto.start();
  const { log, status } = startBridge(t, { url: mosquitto.url });
  await eventually("it is connected", () => status().state === "connected");
  log.refuseWith({ code: "STORE_FULL", message: "The disk is full." });
  const client = await mosquitto.client();
  for (let n = 0; n < 5; n += 1) await client.publishAsync("in/a", String(n), { qos: 1 });
  const reason = await eventually("the reason is told", () => status().reason);
  assert.match(reason, /disk is full/);
  log.refuseWith(null);
  await eventually("all are stored", () => log.events.length >= 5);
  const first = [...new Set(log.events.map(({ body }) => Buffer.from(body).toString()))];
  assert.deepEqual(first, ["0", "1", "2", "3", "4"]);
});

test("a bridge speaks TLS with an authority of its own and credentials; without them it says why it cannot", { skip }, async (t) => {
  const folder = tempFolder(t);
  const port = await freePort();
  const { cert, key } = await makeCertificate({ names: ["localhost", "127.0.0.1"], key: null, now: Date.now() });
  const [certFile, keyFile, passwords] = [join(folder, "cert.pem"), join(folder, "key.pem"), join(folder, "passwords")];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o644 });
  const made = spawnSync("/usr/bin/mosquitto_passwd", ["-b", "-c", passwords, "ada", "secret"]);
  assert.equal(made.status, 0, String(made.stderr));
  const settings = [
    "user root",
    `password_file ${passwords}`,
    "allow_anonymous false",
    `listener ${port} 127.0.0.1`,
    `certfile ${certFile}`,
    `keyfile ${keyFile}`,
  ];
  const mosquitto = await createMosquitto(t, settings.join("\n"));
  await mosquitto.start();
  const good = { url: `mqtts://localhost:${port}`, ca: cert, username: "ada", password: "secret" };
  const { status } = startBridge(t, good);
  await eventually("it is connected", () => status().state === "connected");
  assert.equal(status().reason, null);
  for (const [change, reason] of [
    [{ password: "wrong" }, /not authorized/i],
    [{ username: null, password: null }, /not authorized/i],
    [{ ca: null }, /self-signed/i],
    [{ url: `mqtt://localhost:${port}` }, /closed|reset|hang/i],
  ] as const) {
    const failing = startBridge(t, { ...good, ...change });
    const told = await eventually("the reason is told", () => failing.status().reason);
    assert.match(told, reason);
    assert.notEqual(failing.status().state, "connected");
  }
});

test("a bridge speaks MQTT under WebSocket, as to another hub", async (t) => {
  const other = await startTestIngress(t);
  const { log, status } = startBridge(t, { url: `${other.url.replace("http", "ws")}/mqtt` });
  await eventually("it is connected", () => status().state === "connected");
  await other.hub.publish({ topic: "in/a", payload: Buffer.alloc(300_000, 7) });
  await eventually("it is stored", () => log.events.length === 1);
  assert.equal(log.events[0]!.body.length, 300_000);
});
