import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { startTestIngress } from "../support/test-ingress.ts";
import { eventually } from "../support/eventually.ts";

test("a request is stored exactly as it was sent: header order, case, duplicates, target and bytes", async (t) => {
  const { connect, log, port } = await startTestIngress(t);
  const body = Buffer.from([0x00, 0xff, 0x0d, 0x0a, 0x7b]);
  const http = await connect();
  http.send(
    "POST /in/shop/a%20b//c?x=1&x=%zz&y HTTP/1.1\r\nhOsT: hub.example:99\r\nX-Dup: one\r\nx-dup: two\r\nX-Bytes: caf\u00e9\r\n" +
      "Content-Type: application/x-odd; q\r\nX-Empty:\r\nContent-Length: 5\r\n\r\n",
  );
  http.send(body);
  const answer = await http.answer();
  assert.equal(answer.status, 200);
  const event = log.events[0]!;
  assert.deepEqual(JSON.parse(answer.body), { id: event.id, seq: event.seq });
  assert.equal(answer.headers["content-type"], "application/json");
  assert.deepEqual(event.head?.headers, [
    ["hOsT", "hub.example:99"],
    ["X-Dup", "one"],
    ["x-dup", "two"],
    ["X-Bytes", "caf\u00e9"],
    ["Content-Type", "application/x-odd; q"],
    ["X-Empty", ""],
    ["Content-Length", "5"],
  ]);
  assert.equal(event.head?.target, "/in/shop/a%20b//c?x=1&x=%zz&y");
  assert.equal(event.head?.publicUrl, "http://hub.example:99/in/shop/a%20b//c?x=1&x=%zz&y");
  assert.equal(event.head?.method, "POST");
  assert.equal(event.head?.httpVersion, "1.1");
  assert.equal(event.head?.remoteAddress, "127.0.0.1");
  assert.equal(event.head?.status, 200);
  assert.deepEqual(Buffer.from(event.body), body);
  assert.equal(event.contentType, "application/x-odd; q");
  assert.equal(event.source, "shop");
  assert.equal(event.topic, "webhooks/shop/event");
  assert.equal(event.state, "accepted");
  assert.equal(event.truncated, false);
  assert.ok(port > 0);
});

test("every method Node's parser knows is taken, with and without a body", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  for (const method of [
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "PROPFIND",
    "REPORT",
    "PURGE",
    "QUERY",
    "MKCALENDAR",
    "M-SEARCH",
  ]) {
    http.send(`${method} /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi`);
    assert.equal((await http.answer()).status, 200, method);
    assert.equal(log.events.at(-1)?.head?.method, method);
    assert.equal(Buffer.from(log.events.at(-1)!.body).toString(), "hi");
    http.send(`${method} /in/any HTTP/1.1\r\nHost: h\r\n\r\n`);
    assert.equal((await http.answer()).status, 200, method);
    assert.equal(log.events.at(-1)?.size, 0);
  }
});

test("HEAD is stored and answered without a body", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  http.send("HEAD /in/any HTTP/1.1\r\nHost: h\r\n\r\nGET /in/any HTTP/1.1\r\nHost: h\r\n\r\n");
  const head = await http.answer({ withoutBody: true });
  assert.equal(head.status, 200);
  assert.equal((await http.answer()).status, 200, "the next answer follows at once");
  assert.deepEqual(
    log.events.map((event) => event.head?.method),
    ["HEAD", "GET"],
  );
});

test("a chunked body is joined, and its trailers are kept", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n");
  http.send("4;ext=1\r\ndefg\r\n0\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n");
  assert.equal((await http.answer()).status, 200);
  const event = log.events[0]!;
  assert.equal(Buffer.from(event.body).toString(), "abcdefg");
  assert.equal(event.size, 7);
  assert.deepEqual(event.head?.trailers, [
    ["X-Sum", "1"],
    ["x-sum", "2"],
  ]);
});

test("a body that arrives in any pieces is the same body", async (t) => {
  const { connect, log, hub } = await startTestIngress(t);
  const body = randomBytes(900_000);
  for (const pieces of [1, 2, 7, 500]) {
    const http = await connect();
    http.send(`POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n`);
    const step = Math.ceil(body.length / pieces);
    for (let at = 0; at < body.length; at += step) http.send(body.subarray(at, at + step));
    assert.equal((await http.answer()).status, 200);
    assert.equal(createHash("sha256").update(log.events.at(-1)!.body).digest("hex"), createHash("sha256").update(body).digest("hex"));
  }
  assert.equal(hub.counters.receivingBytes, 0);
});

test("a body sent byte by byte in chunks is the same body", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  const text = "0123456789".repeat(2000);
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  http.send(Array.from(text, (one) => `1\r\n${one}\r\n`).join(""));
  http.send("0\r\n\r\n");
  assert.equal((await http.answer()).status, 200);
  assert.equal(Buffer.from(log.events[0]!.body).toString(), text);
});

test("bytes that are no UTF-8 are kept: in headers as latin1, in the target as they were escaped", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  http.send("POST /in/any/%ff%fe?q=%80 HTTP/1.1\r\nHost: h\r\nX-Odd: \u00ff\u0080\r\nContent-Length: 0\r\n\r\n");
  assert.equal((await http.answer()).status, 200);
  assert.equal(log.events[0]?.head?.target, "/in/any/%ff%fe?q=%80");
  assert.deepEqual(log.events[0]?.head?.headers[1], ["X-Odd", "\u00ff\u0080"]);
});

test("more headers than Node keeps by itself are all stored", async (t) => {
  const { connect, log } = await startTestIngress(t, { maxHeaderBytes: 64 * 1024 });
  const http = await connect();
  const lines = Array.from({ length: 3000 }, (_, index) => `X-${index}: ${index}\r\n`).join("");
  http.send(`GET /in/any HTTP/1.1\r\nHost: h\r\n${lines}\r\n`);
  assert.equal((await http.answer()).status, 200);
  assert.equal(log.events[0]?.head?.headers.length, 3001);
});

test("pipelined requests are answered in their order", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  const paths = Array.from({ length: 20 }, (_, index) => `/in/any/${index}`);
  http.send(paths.map((path) => `POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx`).join(""));
  for (const path of paths) {
    const { id } = JSON.parse((await http.answer()).body) as { id: string };
    assert.equal(log.events.find((event) => event.id === id)?.head?.target, path);
  }
});

test("the answer waits for the commit", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  let answered = false;
  http.socket.on("data", () => {
    answered = true;
  });
  log.hold();
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
  await eventually("the event is waiting for its commit", () => log.waiting() === 1);
  // Another connection's whole exchange is time enough for a premature answer to show.
  const other = await connect();
  other.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  assert.equal((await other.answer()).status, 200);
  assert.equal(answered, false);
  log.release();
  assert.equal((await http.answer()).status, 200);
});

test("the event type comes from the sender's own header", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  http.send("POST /in/github HTTP/1.1\r\nHost: h\r\nx-github-event: pull_request\r\nContent-Length: 0\r\n\r\n");
  await http.answer();
  assert.equal(log.events[0]?.topic, "webhooks/github/pull_request");
});

test("an h2c upgrade offer is an ordinary request, body and all", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  http.send(
    "POST /in/java HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nContent-Length: 4\r\nHost: h\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\nUpgrade: h2c\r\n\r\njava",
  );
  assert.equal((await http.answer()).status, 200);
  assert.equal(Buffer.from(log.events[0]!.body).toString(), "java");
});

test("a target in absolute form reaches its source and is stored as sent", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  http.send("GET http://public.example/in/any?q HTTP/1.1\r\nHost: other\r\n\r\n");
  assert.equal((await http.answer()).status, 200);
  assert.equal(log.events[0]?.head?.target, "http://public.example/in/any?q");
  assert.equal(log.events[0]?.head?.publicUrl, "http://public.example/in/any?q");
  assert.equal(log.events[0]?.source, "any");
});

test("an HTTP/1.0 request without Host is taken", async (t) => {
  const { connect, log, port } = await startTestIngress(t);
  const http = await connect();
  http.send("POST /in/old HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi");
  assert.equal((await http.answer()).status, 200);
  assert.equal(log.events[0]?.head?.publicUrl, `http://127.0.0.1:${port}/in/old`);
  await http.closed();
});

test("a sender that half-closes after its request still gets its answer", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  log.hold();
  http.socket.end("POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
  await eventually("the event is waiting for its commit", () => log.waiting() === 1);
  log.release();
  assert.equal((await http.answer()).status, 200);
  await http.closed();
});

test("Expect: 100-continue is answered, and the body taken", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  assert.equal((await http.answer()).status, 100);
  http.send("hi");
  assert.equal((await http.answer()).status, 200);
  assert.equal(Buffer.from(log.events[0]!.body).toString(), "hi");
});

test("the name of a source may be percent-encoded", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  http.send("GET /in/my%2Dshop?x HTTP/1.1\r\nHost: h\r\n\r\n");
  assert.equal((await http.answer()).status, 200);
  assert.equal(log.events[0]?.source, "my-shop");
});
