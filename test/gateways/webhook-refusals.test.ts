import assert from "node:assert/strict";
import { test } from "node:test";
import { ERRORS, refuse, type ErrorCode } from "../../main/contract/errors.ts";
import { eventually } from "../support/eventually.ts";
import type { RawAnswer } from "../support/raw-connection.ts";
import { startTestIngress } from "../support/test-ingress.ts";

const KEPT_BYTES = 64 * 1024;

function assertRefused(answer: RawAnswer, code: ErrorCode): void {
  assert.equal(answer.status, ERRORS[code].httpStatus);
  assert.equal(answer.headers["content-type"], "application/json");
  const { error } = JSON.parse(answer.body) as { error: { code: string; message: string } };
  assert.equal(error.code, code);
  assert.match(error.message, /\.$/, "the message is a sentence");
}

test("an announced body over the limit is refused at once, and its beginning is kept", async (t) => {
  const { connect, log, hub } = await startTestIngress(t, { maxBodyBytes: 100_000 });
  const http = await connect();
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n");
  const answer = await http.answer();
  assertRefused(answer, "BODY_TOO_LARGE");
  assert.equal(answer.headers["connection"], "close");
  const body = Buffer.alloc(200_000, "ab");
  http.send(body);
  await http.closed();
  const event = await eventually("the refused request is recorded", () => log.events[0] ?? null);
  assert.equal(event.state, "refused");
  assert.equal(event.refusal, "BODY_TOO_LARGE");
  assert.equal(event.truncated, true);
  assert.equal(event.size, 200_000);
  assert.equal(event.head?.status, 413);
  assert.deepEqual(Buffer.from(event.body), body.subarray(0, KEPT_BYTES));
  assert.equal(log.events.length, 1);
  assert.equal(hub.counters.receivingBytes, 0);
  assert.equal(hub.counters.refused.BODY_TOO_LARGE, 1);
});

test("a body that turns out to be over the limit is refused when it does", async (t) => {
  const { connect, log } = await startTestIngress(t, { maxBodyBytes: 1000 });
  const http = await connect();
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  http.send(`258\r\n${"x".repeat(600)}\r\n`);
  http.send(`258\r\n${"y".repeat(600)}\r\n0\r\n\r\n`);
  assertRefused(await http.answer(), "BODY_TOO_LARGE");
  await http.closed();
  const event = await eventually("the refused request is recorded", () => log.events[0] ?? null);
  assert.equal(event.size, 1200);
  assert.equal(event.truncated, true);
  assert.equal(Buffer.from(event.body).toString(), "x".repeat(600) + "y".repeat(600));
});

test("a body of exactly the limit is taken", async (t) => {
  const { connect, log } = await startTestIngress(t, { maxBodyBytes: 1000 });
  const http = await connect();
  http.send(`POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n${"x".repeat(1000)}`);
  assert.equal((await http.answer()).status, 200);
  assert.equal(log.events[0]?.state, "accepted");
});

test("a sender that pours 100 MiB without looking still reads its 413, and memory is let go", async (t) => {
  const { connect, log, hub } = await startTestIngress(t);
  const http = await connect();
  const mebibyte = Buffer.alloc(1024 * 1024, "z");
  http.send(`POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: ${100 * mebibyte.length}\r\n\r\n`);
  for (let sent = 0; sent < 100; sent += 1) {
    assert.ok(hub.counters.receivingBytes <= 2 * KEPT_BYTES);
    await new Promise<void>((resolve, reject) => {
      http.socket.write(mebibyte, (error) => (error ? reject(error) : resolve()));
    });
  }
  assertRefused(await http.answer(), "BODY_TOO_LARGE");
  await http.closed();
  assert.equal(log.events.length, 1);
  assert.equal(log.events[0]?.body.length, KEPT_BYTES);
  assert.equal(log.events[0]?.body.buffer.byteLength, KEPT_BYTES, "nothing larger is held behind what is kept");
  assert.equal(hub.counters.receivingBytes, 0);
});

test("with Expect: 100-continue a too large body is refused before it is sent", async (t) => {
  const { connect, log } = await startTestIngress(t, { maxBodyBytes: 10 });
  const http = await connect();
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n");
  assertRefused(await http.answer(), "BODY_TOO_LARGE");
  http.socket.end();
  const event = await eventually("the refused request is recorded", () => log.events[0] ?? null);
  assert.equal(event.size, 11);
  assert.equal(event.body.length, 0);
});

test("an unknown expectation is refused with 417", async (t) => {
  const { connect } = await startTestIngress(t);
  const http = await connect();
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\nContent-Length: 0\r\n\r\n");
  assertRefused(await http.answer(), "EXPECTATION_FAILED");
});

test("headers over the limit are refused with 431", async (t) => {
  const { connect, hub } = await startTestIngress(t);
  const http = await connect();
  http.send(`GET /in/any HTTP/1.1\r\nHost: h\r\nX-Long: ${"x".repeat(64 * 1024)}\r\n\r\n`);
  assertRefused(await http.answer(), "HEADERS_TOO_LARGE");
  await http.closed();
  assert.equal(hub.counters.refused.HEADERS_TOO_LARGE, 1);
});

test("what is no HTTP is refused with 400 and the connection closed", async (t) => {
  const { connect, log } = await startTestIngress(t);
  for (const nonsense of [
    "hello\r\n\r\n",
    "POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n",
    "POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET /in/any HTTP/1.1\r\nHost: h\r\nX-Bad: a\u0000b\r\n\r\n",
    "GET /in/any/\u00ff HTTP/1.1\r\nHost: h\r\n\r\n",
    "\u0016\u0003\u0001\u0002\u0000", // a TLS greeting
  ]) {
    const http = await connect();
    http.send(nonsense);
    assertRefused(await http.answer(), "REQUEST_MALFORMED");
    await http.closed();
  }
  assert.equal(log.events.length, 0);
});

test("no Host, or two, is refused with 400", async (t) => {
  const { connect } = await startTestIngress(t);
  for (const hosts of ["", "Host: a\r\nhost: b\r\n"]) {
    const http = await connect();
    http.send(`GET /in/any HTTP/1.1\r\n${hosts}\r\n`);
    assertRefused(await http.answer(), "REQUEST_MALFORMED");
  }
});

test("CONNECT is refused with 405", async (t) => {
  const { connect } = await startTestIngress(t);
  const http = await connect();
  http.send("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n");
  assertRefused(await http.answer(), "METHOD_NOT_ALLOWED");
  await http.closed();
});

test("a broken chunk ends the request with 400 and leaves a record of what came before", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\nnonsense\r\n");
  assertRefused(await http.answer(), "REQUEST_MALFORMED");
  const event = await eventually("the refused request is recorded", () => log.events[0] ?? null);
  assert.equal(event.refusal, "REQUEST_MALFORMED");
  assert.equal(event.truncated, true);
  assert.equal(Buffer.from(event.body).toString(), "whole");
});

test("nonsense after a good request does not take that request's answer", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  log.hold();
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhinonsense\r\n\r\n");
  await eventually("the good request waits for its commit", () => log.waiting() === 1);
  log.release();
  assert.equal((await http.answer()).status, 200);
  assertRefused(await http.answer(), "REQUEST_MALFORMED");
  await http.closed();
});

test("a sender too slow with its headers is answered 408", async (t) => {
  const { connect, log } = await startTestIngress(t, { headersTimeoutMs: 100, requestTimeoutMs: 100 });
  const http = await connect();
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nX-Slow: ");
  assertRefused(await http.answer(), "REQUEST_TIMEOUT");
  await http.closed();
  assert.equal(log.events.length, 0);
});

test("a connection on which nothing is sent is answered 408 too", async (t) => {
  const { connect } = await startTestIngress(t, { headersTimeoutMs: 100, requestTimeoutMs: 100 });
  const http = await connect();
  assertRefused(await http.answer(), "REQUEST_TIMEOUT");
  await http.closed();
});

test("a sender too slow with its body is answered 408, and what came is recorded", async (t) => {
  const { connect, log, hub } = await startTestIngress(t, { headersTimeoutMs: 100, requestTimeoutMs: 100 });
  const http = await connect();
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nonly this");
  assertRefused(await http.answer(), "REQUEST_TIMEOUT");
  const event = await eventually("the refused request is recorded", () => log.events[0] ?? null);
  assert.equal(event.refusal, "REQUEST_TIMEOUT");
  assert.equal(event.head?.status, 408);
  assert.equal(event.size, 100);
  assert.equal(Buffer.from(event.body).toString(), "only this");
  assert.equal(hub.counters.receivingBytes, 0);
});

test("a body broken off by its sender is recorded as refused", async (t) => {
  const { connect, log, hub } = await startTestIngress(t);
  for (const leave of ["destroy", "end"] as const) {
    const before = log.events.length;
    const http = await connect();
    http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nonly this");
    await eventually("the bytes have come", () => hub.counters.receivingBytes === 9);
    http.socket[leave]();
    const event = await eventually("the broken request is recorded", () => log.events[before] ?? null);
    assert.equal(event.state, "refused");
    assert.equal(event.refusal, "REQUEST_ABORTED");
    assert.equal(event.truncated, true);
    assert.equal(event.size, 100);
    assert.equal(Buffer.from(event.body).toString(), "only this");
  }
  assert.equal(hub.counters.receivingBytes, 0);
});

test("a sender gone before the commit loses nothing: its event is stored", async (t) => {
  const { connect, log } = await startTestIngress(t);
  const http = await connect();
  log.hold();
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
  await eventually("the event waits for its commit", () => log.waiting() === 1);
  http.socket.destroy();
  log.release();
  const event = await eventually("the event is stored", () => log.events[0] ?? null);
  assert.equal(event.state, "accepted");
});

test("bodies over all connections together are bounded", async (t) => {
  const { connect, log, hub } = await startTestIngress(t, { maxBodyBytes: 100_000, maxReceivingBytes: 100_000 });
  const first = await connect();
  first.send(`POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n${"x".repeat(90_000)}`);
  await eventually("the first body has come in part", () => hub.counters.receivingBytes === 90_000);
  const second = await connect();
  second.send(`POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\n${"y".repeat(20_000)}`);
  const answer = await second.answer();
  assertRefused(answer, "HUB_BUSY");
  assert.equal(answer.headers["retry-after"], "1");
  first.send("x".repeat(10_000));
  assert.equal((await first.answer()).status, 200, "the first is not hurt");
  second.socket.destroy();
  await eventually("both are recorded", () => log.events.length === 2);
  assert.equal(hub.counters.receivingBytes, 0);
});

test("whatever the log refuses is told in the catalogue's words, with Retry-After where it helps", async (t) => {
  const { connect, log, hub } = await startTestIngress(t);
  const http = await connect();
  for (const code of ["STORE_FULL", "STORE_FAILED", "STORE_DAMAGED", "HUB_BUSY", "HUB_STOPPING"] as const) {
    log.refuseWith(refuse(code, "The log says no.").refusal);
    http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
    const answer = await http.answer();
    assertRefused(answer, code);
    assert.equal(answer.headers["retry-after"] !== undefined, ERRORS[code].retryable, code);
    assert.equal(hub.counters.refused[code], 1);
  }
  log.refuseWith(null);
  http.send("POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
  assert.equal((await http.answer()).status, 200, "the connection lives on");
});

test("a source that cannot be is refused: wrong name, none, unknown, too many", async (t) => {
  const { connect, log } = await startTestIngress(t, { maxSources: 2 });
  const ask = async (path: string): Promise<RawAnswer> => {
    const http = await connect();
    http.send(`GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`);
    return http.answer();
  };
  for (const path of ["/in/.hidden", "/in/a%20b", "/in/%zz", "/in/%ff", "/in/%2e%2e", `/in/${"x".repeat(65)}`])
    assertRefused(await ask(path), "SOURCE_NAME_INVALID");
  for (const path of ["/in", "/in/", "/in//rest", "/in?x"]) assertRefused(await ask(path), "NOT_FOUND");
  assert.equal((await ask("/in/one")).status, 200);
  assert.equal((await ask("/in/two")).status, 200);
  assertRefused(await ask("/in/three"), "SOURCE_LIMIT");
  assert.equal((await ask("/in/one?again")).status, 200);
  assert.equal(log.events.length, 3);
});

test("where sources are not made on first use an unknown one is not found", async (t) => {
  const { connect, hub } = await startTestIngress(t, { createSources: false });
  const http = await connect();
  http.send("GET /in/github HTTP/1.1\r\nHost: h\r\n\r\n");
  assertRefused(await http.answer(), "SOURCE_NOT_FOUND");
  await hub.sources.save("github");
  http.send("GET /in/github HTTP/1.1\r\nHost: h\r\n\r\n");
  assert.equal((await http.answer()).status, 200);
});

test("connections over the bound are told so", async (t) => {
  const { connect } = await startTestIngress(t, { maxConnections: 1 });
  const first = await connect();
  first.send("GET /in/any HTTP/1.1\r\nHost: h\r\n\r\n");
  assert.equal((await first.answer()).status, 200);
  const second = await connect();
  second.send("GET /in/any HTTP/1.1\r\nHost: h\r\n\r\n");
  assertRefused(await second.answer(), "TOO_MANY_CONNECTIONS");
  await second.closed();
});
