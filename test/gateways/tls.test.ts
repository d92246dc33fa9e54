import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { request, type RequestOptions } from "node:https";
import { connect as connectTcp } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { promisify } from "node:util";
import { io } from "socket.io-client";
import { makeCertificate } from "../../main/access/tls/make-certificate.ts";
import type { EventDetail } from "../../main/contract/event.ts";
import type { TlsInfo } from "../../main/contract/listener.ts";
import { eventually } from "../support/eventually.ts";
import { createInspectorApi } from "../support/inspector-api.ts";
import { connectMqtt } from "../support/mqtt-client.ts";
import { runSignalbox, startHub, type TestHub } from "../support/run-signalbox.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { openWs } from "../support/ws-client.ts";

const TLS = ["--https", "127.0.0.1:0", "--mqtts", "127.0.0.1:0"];

let hub: TestHub;
let https: string;
let mqtts: string;
let cafile: string;
let ca: string;
before(async () => {
  hub = await startHub({ args: TLS });
  assert.ok(hub.json.https && hub.json.mqtts);
  ({ https, mqtts } = hub.json);
  cafile = join(hub.data, "tls-cert.pem");
  ca = readFileSync(cafile, "utf8");
});
after(() => hub.stop());

const run = promisify(execFile);

async function ask(url: string, options: RequestOptions = {}, body: Uint8Array | string = ""): Promise<{ status: number; text: string }> {
  const sent = request(url, { ca, agent: false, ...options });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [import("node:http").IncomingMessage];
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) text += chunk as string;
  return { status: answer.statusCode!, text };
}

async function fingerprintAt(url: string): Promise<string> {
  const { hostname: host, port } = new URL(url);
  const socket = connectTls({ host, port: Number(port), rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

test("the fingerprint of the certificate that both listeners show is in the ready line and in the status", async () => {
  assert.match(https, /^https:\/\/127\.0\.0\.1:\d+$/);
  assert.match(mqtts, /^mqtts:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(await fingerprintAt(https), hub.json.fingerprint);
  assert.equal(await fingerprintAt(mqtts), hub.json.fingerprint);
  const status = await runSignalbox(["status", "--data", hub.data]);
  for (const part of [https, mqtts, hub.json.fingerprint!]) assert.ok(status.stdout.includes(part), part);
  const told = (await createInspectorApi(hub).get("/tls")) as TlsInfo;
  assert.equal(told.certificate?.pem, ca);
});

test("a webhook over https is stored exactly as it was sent, with the address that was dialled", async () => {
  const api = createInspectorApi(hub);
  const bytes = Uint8Array.from({ length: 4000 }, (_, index) => index % 256);
  const url = `${https.replace("127.0.0.1", "localhost")}/in/shop/paid?a=%20b`;
  const headers = ["Host", new URL(url).host, "X-Mixed-CASE", " spaced ", "x-mixed-case", "again"];
  const { status, text } = await ask(url, { method: "POST", headers: headers as never }, bytes);
  assert.equal(status, 200, text);
  const { id } = JSON.parse(text) as { id: string };
  assert.deepEqual(await api.body(id), Buffer.from(bytes));
  const stored = (await api.get(`/events/${id}`)) as EventDetail;
  assert.equal(stored.publicUrl, url);
  assert.deepEqual(
    stored.headers?.filter(([name]) => /mixed/i.test(name)),
    [
      ["X-Mixed-CASE", "spaced"],
      ["x-mixed-case", "again"],
    ],
  );
});

test("what is published over https comes by poll, SSE, WebSocket, Socket.IO and MQTT, all over TLS", async (t) => {
  const ws = await openWs(t, `${https}/ws`, ["signalbox.v1"], {}, { ca });
  ws.send({ t: "subscribe", id: 1, filter: "tls/#" });
  assert.equal((await ws.json())["t"], "subscribed");
  const overWs = await connectMqtt(t, `${https.replace("https", "wss")}/mqtt`, { ca });
  const plain = await connectMqtt(t, mqtts, { ca });
  for (const { client } of [overWs, plain]) await client.subscribeAsync("tls/#", { qos: 1 });
  const socket = io(https, { ca, reconnection: false } as never);
  t.after(() => socket.close());
  await once(socket as never, "connect");
  await socket.emitWithAck("subscribe", "tls/#");
  const bySocketIo = once(socket as never, "event");
  const sse = request(`${https}/sse?topic=tls/%23`, { ca, agent: false });
  sse.end();
  const [stream] = (await once(sse, "response")) as [import("node:http").IncomingMessage];
  t.after(() => stream.destroy());
  let streamed = "";
  stream.setEncoding("utf8").on("data", (text: string) => (streamed += text));
  const poll = ask(`${https}/poll?topic=tls/%23&after=now&wait=30`);
  await eventually("the poll waits", async () => {
    const { sessions } = (await createInspectorApi(hub).get("/sessions")) as { sessions: { protocol: string }[] };
    return sessions.some(({ protocol }) => protocol === "long-poll");
  });

  assert.equal((await ask(`${https}/publish/tls/a`, { method: "POST" }, "hello")).status, 201);
  assert.equal((await ws.json())["payload"], "hello");
  assert.equal((await overWs.next()).text, "hello");
  assert.equal((await plain.next()).text, "hello");
  assert.match(JSON.stringify(await bySocketIo), /hello/);
  assert.match((await poll).text, /hello/);
  await eventually("the stream has it", () => streamed.includes("data: hello"));
});

test("mosquitto publishes over mqtts when it is given the certificate, and not when it is not", async () => {
  const { port } = new URL(mqtts);
  const args = ["-h", "localhost", "-p", port, "-t", "from/mosquitto", "-m", "hi", "-q", "1"];
  await run("mosquitto_pub", ["--cafile", cafile, ...args]);
  const stored = await createInspectorApi(hub).allEvents("topic:from/mosquitto");
  assert.deepEqual(
    stored.map(({ preview }) => preview),
    ["hi"],
  );
  await assert.rejects(run("mosquitto_pub", ["--capath", "/etc/ssl/certs", ...args]));
});

test("curl speaks to the ingress over https with the certificate", async () => {
  const { stdout } = await run("curl", ["-sS", "--fail", "--cacert", cafile, "-d", "from curl", `${https}/publish/from/curl`]);
  assert.match(stdout, /"seq"/);
});

test("TLS 1.1 is refused, and so is what is no TLS", async () => {
  for (const url of [https, mqtts]) {
    const { hostname: host, port } = new URL(url);
    const old = connectTls({ host, port: Number(port), ca, minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL@SECLEVEL=0" });
    await assert.rejects(once(old, "secureConnect"));
    const plain = connectTcp(Number(port), host);
    plain.on("error", () => undefined);
    plain.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(plain, "close");
  }
});

test("peers whose handshake hangs do not keep the hub from stopping", async () => {
  const own = await startHub({ args: TLS });
  const sockets = [own.json.https!, own.json.mqtts!].map((url) => connectTcp(Number(new URL(url).port), "127.0.0.1"));
  for (const socket of sockets) {
    socket.on("error", () => undefined);
    await once(socket, "connect");
  }
  assert.equal(await own.stop(), 0);
});

test("an own certificate is shown, and read again on SIGHUP", { skip: process.platform === "win32" && "no signals here" }, async (t) => {
  const folder = tempFolder(t);
  const files = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  const write = async (): Promise<void> => {
    const made = await makeCertificate({ names: ["localhost"], key: null, now: Date.now() });
    writeFileSync(files.cert, made.cert);
    writeFileSync(files.key, made.key);
  };
  await write();
  const own = await startHub({ args: [...TLS, "--tls-cert", files.cert, "--tls-key", files.key] });
  t.after(() => own.stop());
  const first = await fingerprintAt(own.json.https!);
  assert.equal(own.json.fingerprint, first);
  await write();
  own.signal("SIGHUP");
  const second = await eventually("another is shown", async () => {
    const shown = await fingerprintAt(own.json.https!);
    return shown === first ? null : shown;
  });
  assert.equal(await fingerprintAt(own.json.mqtts!), second);
});

test("a key that is not the certificate's, or one without the other, is refused at the start", async (t) => {
  const folder = tempFolder(t);
  const [one, other] = await Promise.all([1, 2].map(() => makeCertificate({ names: ["localhost"], key: null, now: Date.now() })));
  const files = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  writeFileSync(files.cert, one!.cert);
  writeFileSync(files.key, other!.key);
  const serve = ["serve", "--json", "--data", join(folder, "data"), "--inspector", "off", "--mqtt", "off", "--ingress", "off", ...TLS];
  const mixed = await runSignalbox([...serve, "--tls-cert", files.cert, "--tls-key", files.key]);
  assert.equal(mixed.code, 2);
  assert.match(mixed.stderr, /CONFIG_INVALID.*cert\.pem.*key does not belong to the certificate/);
  const alone = await runSignalbox([...serve, "--tls-cert", files.cert]);
  assert.equal(alone.code, 2);
  assert.match(alone.stderr, /tls-cert.*without.*tls-key/);
});
