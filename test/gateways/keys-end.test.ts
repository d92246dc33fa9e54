import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { io } from "socket.io-client";
import { openKeys } from "../../main/access/keys.ts";
import { compose, type RunningHub } from "../../main/compose.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { eventually } from "../support/eventually.ts";
import { connectMqtt, type TestClient } from "../support/mqtt-client.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { testConfig } from "../support/test-config.ts";
import { openWs } from "../support/ws-client.ts";

async function start(
  t: TestContext,
  folder = tempFolder(t),
): Promise<{ hub: RunningHub; url: (name: string) => string; key: (name: string, expiresAt?: number) => Promise<string> }> {
  const hub = await compose(testConfig(folder, { mqtt: { host: "127.0.0.1", port: 0 } }), { logger: silentLogger });
  t.after(() => hub.stop());
  return {
    hub,
    url: (name) => hub.hub.listeners.status().find((one) => one.name === name)!.url,
    async key(name, expiresAt) {
      const made = await hub.keys.add({ name, expiresAt: expiresAt ?? null, publish: ["#"], subscribe: ["#"] });
      assert.ok(made.ok);
      return made.value.secret;
    },
  };
}

/** One peer of each protocol that came in with the key; resolves each `gone` with how it was told. */
async function comeIn(t: TestContext, ingress: string, mqttUrl: string, name: string, secret: string) {
  const bearer = { authorization: `Bearer ${secret}` };
  const { client } = await connectMqtt(t, mqttUrl, { username: name, password: secret });
  const json = await openWs(t, `${ingress}/ws`, ["signalbox.v1"], bearer);
  const plain = await openWs(t, `${ingress}/ws/topic/a`, [], bearer);
  const sse = await fetch(`${ingress}/sse?topic=a&key=${secret}`);
  const poll = fetch(`${ingress}/poll?topic=none&after=now&wait=30`, { headers: bearer });
  const socket = io(ingress, { transports: ["websocket"], reconnection: false, query: { key: secret } });
  t.after(() => socket.close());
  await once(socket as never, "connect");
  return {
    mqtt: once(client as never, "disconnect").then(([packet]) => (packet as { reasonCode: number }).reasonCode),
    json: json.closed.then(({ code }) => code),
    plain: plain.closed.then(({ code }) => code),
    sse: sse.text().then(() => "ended"),
    poll: poll.then(({ status }) => status),
    socketIo: once(socket as never, "disconnect").then(([reason]) => reason as string),
  };
}

test("whoever came in with a key is put out when it is revoked, on every protocol; others stay", async (t) => {
  const { hub, url, key } = await start(t);
  const [pump, other] = [await key("pump"), await key("other")];
  const gone = await comeIn(t, url("ingress"), url("mqtt"), "pump", pump);
  const stays = await connectMqtt(t, url("mqtt"), { username: "other", password: other });
  const anonymous = await openWs(t, `${url("ingress")}/ws`);
  await eventually("all are in", () => hub.hub.sessions.list(20).total === 8);

  assert.ok(hub.keys.revoke("pump").ok);
  assert.deepEqual(await Promise.all([gone.mqtt, gone.json, gone.plain, gone.sse, gone.poll, gone.socketIo]), [
    0x87,
    1008,
    1008,
    "ended",
    200,
    "io server disconnect",
  ]);
  await eventually("the others are left", () => hub.hub.sessions.list(20).total === 2);
  assert.equal(stays.client.connected, true);
  assert.equal(anonymous.socket.readyState, anonymous.socket.OPEN);
  await assert.rejects(connectMqtt(t, url("mqtt"), { username: "pump", password: pump }), /Not authorized|Bad User ?Name/i);
  assert.equal((await fetch(`${url("ingress")}/sse?topic=a&key=${pump}`)).status, 401);
});

test("a key that is switched off puts out, and lets in again when it is on", async (t) => {
  const { hub, url, key } = await start(t);
  const secret = await key("pump");
  const gone = await comeIn(t, url("ingress"), url("mqtt"), "pump", secret);
  assert.ok(hub.keys.enable("pump", false).ok);
  assert.equal(await gone.mqtt, 0x87);
  assert.equal(await gone.json, 1008);
  assert.ok(hub.keys.enable("pump", true).ok);
  const { client } = await connectMqtt(t, url("mqtt"), { username: "pump", password: secret });
  assert.equal(client.connected, true);
});

/** A device that comes in with a key of its name, subscribes and is kept a session for. */
async function leaveSession(t: TestContext, mqttUrl: string, name: string, secret: string): Promise<TestClient["client"]> {
  const properties = { sessionExpiryInterval: 3600 };
  const { client } = await connectMqtt(t, mqttUrl, { clientId: name, username: name, password: secret, clean: false, properties });
  await client.subscribeAsync(`${name}/#`, { qos: 1 });
  return client;
}

const kept = (hub: RunningHub): readonly string[] => hub.hub.sessions.list(20).sessions.map(({ name }) => name);

test("a session that is kept ends when its key is revoked, whether its device is there or away; with a key switched off it stays", async (t) => {
  const { hub, url, key } = await start(t);
  for (const name of ["away", "off"]) await (await leaveSession(t, url("mqtt"), name, await key(name))).endAsync();
  const here = await leaveSession(t, url("mqtt"), "here", await key("here"));
  const gone = once(here as never, "close");
  assert.ok(hub.keys.enable("off", false).ok);
  assert.ok(hub.keys.revoke("away").ok);
  assert.ok(hub.keys.revoke("here").ok);
  await gone;
  await eventually("one session is left", () => kept(hub).length === 1);
  assert.deepEqual(kept(hub), ["off"]);
  const again = await connectMqtt(t, url("mqtt"), { clientId: "here", username: "here", password: await key("here"), clean: false });
  assert.equal(again.connack.sessionPresent, false);
});

test("a session whose key was revoked while the hub was not running ends with the next start", async (t) => {
  const folder = tempFolder(t);
  const first = await start(t, folder);
  for (const name of ["stays", "goes"]) await (await leaveSession(t, first.url("mqtt"), name, await first.key(name))).endAsync();
  await first.hub.stop();
  assert.ok(openKeys({ path: join(folder, "keys.json"), now: Date.now }).revoke("goes").ok);
  const second = await start(t, folder);
  assert.deepEqual(kept(second.hub), ["stays"]);
});

test("a key that expires puts out who uses it", async (t) => {
  const { url, key } = await start(t);
  const secret = await key("guest", Date.now() + 1500);
  const ws = await openWs(t, `${url("ingress")}/ws`, ["signalbox.v1"], { authorization: `Bearer ${secret}` });
  const { code, reason } = await ws.closed;
  assert.equal(code, 1008);
  assert.match(reason, /"guest" has been revoked or switched off, or has expired/);
});
