import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { smee } from "../../main/tunnels/providers/smee.ts";
import { readEventStream } from "../../main/tunnels/smee/read-event-stream.ts";
import { remakeRequest } from "../../main/tunnels/smee/remake-request.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/mosquitto.ts";
import { startTunnelTarget } from "../support/tunnel-target.ts";

/** smee.io's server as its public source has it: JSON that is posted to a channel goes to everybody who follows it. */
async function startSmee(t: TestContext) {
  const followers = new Set<ServerResponse>();
  let made = 0;
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, "http://smee");
    const host = request.headers.host!;
    if (pathname === "/new") return void response.writeHead(307, { location: `http://${host}/channel${(made += 1)}` }).end();
    if (request.method === "GET") {
      if (request.headers.accept !== "text/event-stream") return void response.writeHead(200, { "content-type": "text/html" }).end();
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("id: 0\nevent: ready\ndata: {}\n\n");
      followers.add(response);
      response.once("close", () => followers.delete(response));
      return;
    }
    let text = "";
    for await (const chunk of request) text += String(chunk);
    send({ ...request.headers, body: JSON.parse(text) as unknown, query: Object.fromEntries(searchParams), timestamp: 1 });
    response.end();
  }).listen(0, "127.0.0.1");
  const send = (message: unknown): void => {
    for (const follower of followers) follower.write(`id: 1\ndata: ${JSON.stringify(message)}\n\n`);
  };
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, followers, send, hangUp: () => followers.forEach((follower) => follower.end()) };
}

test("what is posted to the channel comes as a request to the source, marked as made anew", async (t) => {
  const server = await startSmee(t);
  const target = await startTunnelTarget(t);
  const tunnel = await target.open(smee, { source: "github", server: server.url });
  assert.equal(tunnel.publicUrl, `${server.url}/channel1`);
  assert.equal(tunnel.onlySource, "github");
  assert.deepEqual(target.remembered, { channel: `${server.url}/channel1` });

  const body = JSON.stringify({ action: "opened", text: "ünïcode" });
  await fetch(`${tunnel.publicUrl}?x=1`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", "x-github-event": "issues", "x-github-delivery": "d-1" },
  });
  const taken = await eventually("it has come", () => target.requests[0] ?? null);
  assert.deepEqual([taken.method, taken.url, taken.body.toString()], ["POST", "/in/github?x=1", body]);
  const { headers } = taken;
  assert.deepEqual(
    [headers["x-github-event"], headers["x-github-delivery"], headers["content-type"]],
    ["issues", "d-1", "application/json"],
  );
  assert.equal(headers.host, new URL(server.url).host);
  assert.match(headers["x-signalbox-remade"] as string, /written anew/);
  assert.equal(headers["timestamp"], undefined);
});

test("a channel that is known is followed again, and the stream's end is the tunnel's", async (t) => {
  const server = await startSmee(t);
  const target = await startTunnelTarget(t);
  const tunnel = await target.open(smee, { source: "s", channel: `${server.url}/mine`, server: server.url });
  assert.equal(tunnel.publicUrl, `${server.url}/mine`);
  server.hangUp();
  assert.equal(await tunnel.ended, "smee closed the stream.");
});

test("the self-test goes through the channel and is not taken for a webhook", async (t) => {
  const server = await startSmee(t);
  const target = await startTunnelTarget(t);
  const tunnel = await target.open(smee, { source: "s", server: server.url });
  const health = await tunnel.test!(AbortSignal.timeout(5000));
  assert.deepEqual([health.ok, health.stream, health.reason], [true, "unknown", null]);
  assert.equal(target.requests.length, 0);
  server.hangUp();
  await tunnel.ended;
  const deaf = await tunnel.test!(AbortSignal.timeout(100));
  assert.deepEqual([deaf.ok, deaf.latencyMs], [false, null]);
  assert.match(deaf.reason!, /did not come through/);
});

test("a hub that cannot store for a moment is asked again: the sender has had its answer already", async (t) => {
  const server = await startSmee(t);
  const target = await startTunnelTarget(t);
  await target.open(smee, { source: "s", server: server.url });
  await eventually("the channel is followed", () => server.followers.size === 1);
  target.answerWith(503);
  server.send({ body: { n: 1 } });
  await eventually("it was tried", () => target.requests.length === 1);
  target.answerWith(200);
  await eventually("it is tried again", () => target.requests.length === 2);
  server.send({ body: { n: 2 } });
  await eventually("what comes later goes on", () => target.requests.length === 3);
});

test("what is no stream, or no channel of the server, is refused", async (t) => {
  const target = await startTunnelTarget(t);
  const page = createServer((_request, response) =>
    response.writeHead(200, { "content-type": "text/html", location: "http://10.0.0.1/x" }).end("hi"),
  ).listen(0, "127.0.0.1");
  await once(page, "listening");
  t.after(() => page.close());
  const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
  await assert.rejects(target.open(smee, { source: "s", channel: `${url}/c` }), /gives no stream of events: it answered 200/);
  await assert.rejects(target.open(smee, { source: "s", server: url }), /has made no channel/);
  await assert.rejects(
    target.open(smee, { source: "s", server: `http://127.0.0.1:${await freePort()}` }),
    /cannot be reached: connect ECONNREFUSED/,
  );
});

test("requests are made anew without what is not true of them any more", () => {
  const remade = remakeRequest({
    host: "smee.io",
    "content-length": "999",
    "content-encoding": "gzip",
    "Transfer-Encoding": "chunked",
    "x-signature": "abc",
    "bad name": "x",
    "x-injected": "a\r\nb: c",
    "x-number": 5,
    body: { a: 1.5 },
    query: { q: "a b" },
    timestamp: 5,
  })!;
  assert.deepEqual(Object.keys(remade.headers).sort(), ["content-type", "x-signalbox-remade", "x-signature"]);
  assert.deepEqual([remade.body, remade.search], ['{"a":1.5}', "?q=a+b"]);
  const form = remakeRequest({ "content-type": "application/x-www-form-urlencoded", body: { payload: "{}", a: "1 2" } })!;
  assert.equal(form.body, "payload=%7B%7D&a=1+2");
  assert.equal(remakeRequest({ body: "as it is" })!.body, "as it is");
  for (const other of [null, 1, "x", [1]]) assert.equal(remakeRequest(other), null);
});

test("an event stream is read whatever its parts and line ends are, and is bounded", async () => {
  const read = async (text: string, size: number, max = 1000) => {
    const bytes = Buffer.from(text);
    const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
    const events = [];
    for await (const event of readEventStream(asyncOf(parts), max)) events.push(event);
    return events;
  };
  const text = "event: ready\r\ndata: {}\r\n\r\n: comment\ndata: a\ndata:b\n\ndata: ü\r\revent: x\n\n";
  const expected = [
    { type: "ready", data: "{}" },
    { type: "message", data: "a\nb" },
    { type: "message", data: "ü" },
  ];
  for (const size of [1, 2, 3, 7, 1000]) assert.deepEqual(await read(text, size), expected, `parts of ${size} bytes`);
  await assert.rejects(read(`data: ${"x".repeat(200)}`, 50, 100), /more than 100 characters/);
});

async function* asyncOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
