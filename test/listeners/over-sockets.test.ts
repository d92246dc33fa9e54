import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { openWebSocketLink } from "../../main/cli/websocket-link.ts";
import type { ErrorCode } from "../../main/contract/errors.ts";
import { connectInspector } from "../../main/contract/inspector.ts";
import { LINK_PATH } from "../../main/contract/link.ts";
import type { ListenerInfo, ListenerName, ListenerSaved, TlsInfo } from "../../main/contract/listener.ts";
import { eventually } from "../support/eventually.ts";
import { connectMqtt } from "../support/mqtt-client.ts";
import { runSignalbox, startHub, type StartHubOptions, type TestHub } from "../support/run-signalbox.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { openWs } from "../support/ws-client.ts";

async function start(t: TestContext, options: StartHubOptions = {}): Promise<TestHub> {
  const hub = await startHub({ env: { SIGNALBOX_MQTT: "127.0.0.1:0" }, ...options });
  t.after(() => hub.stop());
  return hub;
}

/** A call by REST. */
async function ask(hub: TestHub, method: string, path: string, body?: object): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${hub.inspector}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${hub.token}`, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, answer: await response.json() };
}

async function move(hub: TestHub, name: ListenerName, address: string | null) {
  const { status, answer } = await ask(hub, "PUT", `/listeners/${name}`, { address });
  return { status, answer: answer as ListenerSaved & { error?: { code: ErrorCode } } };
}

const refuses = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => false,
    () => true,
  );

test("peers of an ingress that moves are told and let go, the old port is free, and the new one answers", async (t) => {
  const hub = await start(t);
  const ws = await openWs(t, `${hub.ingress}/ws`, ["signalbox.v1"]);
  const sse = (await fetch(`${hub.ingress}/sse?topic=a`)).text();
  const poll = fetch(`${hub.ingress}/poll?topic=a&after=now&wait=30`);
  const overWs = await connectMqtt(t, `${hub.ingress.replace("http", "ws")}/mqtt`);
  const hungUp = new Promise<number>((resolve) => overWs.client.once("disconnect", ({ reasonCode }) => resolve(reasonCode ?? 0)));
  await eventually("all are in", async () => {
    const { answer } = await ask(hub, "GET", "/sessions");
    return (answer as { total: number }).total === 4;
  });

  const { status, answer } = await move(hub, "ingress", "127.0.0.1:0");
  assert.equal(status, 200);
  // Any free port again: the same address, so nothing moves.
  assert.deepEqual([answer.url, answer.changed], [hub.ingress, true]);
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as { port: number };
  const busy = await move(hub, "ingress", `127.0.0.1:${port}`);
  assert.deepEqual([busy.status, busy.answer.error?.code], [409, "PORT_BUSY"]);
  assert.equal(ws.socket.readyState, ws.socket.OPEN, "a refusal disturbs nobody");
  free.close();
  await once(free, "close");

  const moved = await move(hub, "ingress", `127.0.0.1:${port}`);
  assert.equal(moved.answer.url, `http://127.0.0.1:${port}`);
  assert.equal((await fetch(`${moved.answer.url}/publish/a`, { method: "POST", body: "x" })).status, 201);
  assert.equal((await ws.closed).code, 1012);
  assert.equal((await poll).status, 200);
  await sse;
  assert.equal(await hungUp, 0x8b);
  assert.equal(await refuses(`${hub.ingress}/`), true);
  assert.equal((JSON.parse(readFileSync(join(hub.data, "hub.json"), "utf8")) as { ingress: string }).ingress, moved.answer.url);
});

test("a listener for this machine alone is opened to others on its own port, once there is a key, and stays so over a restart", async (t) => {
  const data = tempFolder(t);
  const hub = await start(t, { dataFolder: data });
  const before = await connectMqtt(t, hub.json.mqtt!);
  const told = new Promise<number>((resolve) => before.client.once("disconnect", ({ reasonCode }) => resolve(reasonCode ?? 0)));
  const { port } = new URL(hub.json.mqtt!);
  const refused = await move(hub, "mqtt", `0.0.0.0:${port}`);
  assert.equal(refused.answer.error?.code, "LISTEN_REFUSED");
  assert.equal((await ask(hub, "POST", "/keys", { name: "pump" })).status, 201);
  const opened = await move(hub, "mqtt", `0.0.0.0:${port}`);
  assert.deepEqual([opened.answer.address, opened.answer.url], [`0.0.0.0:${port}`, `mqtt://127.0.0.1:${port}`]);
  assert.equal(await told, 0x8b, "the server shuts down (§4.13)");
  await connectMqtt(t, opened.answer.url!);
  await hub.stop();

  const again = await start(t, { dataFolder: data });
  assert.equal(again.json.mqtt, `mqtt://127.0.0.1:${port}`);
  const reset = (await ask(again, "DELETE", "/listeners/mqtt")).answer as ListenerSaved;
  assert.deepEqual([reset.changed, reset.address], [false, "127.0.0.1:0"]);
});

test("listeners with TLS are switched on while the hub runs, and off again", async (t) => {
  const hub = await start(t);
  const { answer: on } = await move(hub, "https", "127.0.0.1:0");
  assert.match(on.url ?? "", /^https:/);
  assert.equal((await move(hub, "mqtts", "127.0.0.1:0")).answer.state, "listening");
  const pem = async (method: string, path: string) => ((await ask(hub, method, path)).answer as TlsInfo).certificate?.pem;
  const made = await pem("GET", "/tls");
  assert.equal(made, readFileSync(join(hub.data, "tls-cert.pem"), "utf8"));
  assert.notEqual(await pem("POST", "/tls/renew"), made);
  assert.equal((await move(hub, "https", "off")).answer.state, "off");
  const { listeners } = (await ask(hub, "GET", "/listeners")).answer as { listeners: ListenerInfo[] };
  assert.deepEqual(
    listeners.map(({ name, state }) => `${name} ${state}`),
    ["ingress listening", "https off", "mqtt listening", "mqtts listening", "inspector listening"],
  );
});

test("the inspector moves at the wish of its own link, which has the answer before it closes", async (t) => {
  const hub = await start(t);
  const client = await connectInspector(openWebSocketLink(`${hub.inspector.replace("http", "ws")}${LINK_PATH}`), { token: hub.token });
  const gone = new Promise((resolve) => client.onClose(resolve));
  const saved = await client.call("listeners.save", { name: "inspector", address: "localhost:0" });
  assert.ok(saved.url && saved.url !== hub.inspector);
  assert.ok(saved.login?.startsWith(`${saved.url}/#login=`));
  await gone;
  await eventually("the old port is free", () => refuses(`${hub.inspector}/healthz`));
  assert.equal((await fetch(`${saved.url}/healthz`)).status, 200);
  const status = await runSignalbox(["status", "--data", hub.data]);
  assert.equal(status.code, 0, status.stderr);
  assert.ok(status.stdout.includes(saved.url));
});
