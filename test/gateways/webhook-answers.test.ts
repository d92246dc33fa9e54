import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceAnswer } from "../../main/contract/source.ts";
import { createReplies } from "../../main/gateways/webhook/reply.ts";
import type { HttpExchange } from "../../main/gateways/http-listener.ts";
import type { HubEvent } from "../../main/hub/ports.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { startTestIngress } from "../support/test-ingress.ts";

const POST = "POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi";

test("a source answers with its own status, headers and body", async (t) => {
  const { connect, hub, log } = await startTestIngress(t);
  const headers = [
    ["X-Made-By", "me"],
    ["Content-Type", "text/xml"],
    ["x-made-by", "you"],
  ] as const;
  assert.ok((await hub.sources.save("any", { answer: { status: 202, headers, body: "<ok>é</ok>" } })).ok);
  const http = await connect();
  http.send(POST);
  const answer = await http.answer();
  assert.equal(answer.status, 202);
  assert.equal(answer.headers["content-type"], "text/xml");
  assert.equal(answer.body, "<ok>é</ok>");
  assert.equal(log.events[0]?.head?.status, 202);
  http.send(POST);
  assert.equal((await http.answer()).status, 202, "its length was right");
});

test("a status without a body has none, and the connection lives on", async (t) => {
  const { connect, hub } = await startTestIngress(t);
  const http = await connect();
  for (const status of [204, 304]) {
    assert.ok((await hub.sources.save("any", { answer: { status } })).ok);
    http.send(POST);
    const answer = await http.answer();
    assert.equal(answer.status, status);
    assert.equal(answer.headers["content-length"], undefined);
  }
});

test("own headers without an own body keep the default body", async (t) => {
  const { connect, hub, log } = await startTestIngress(t);
  assert.ok((await hub.sources.save("any", { answer: { headers: [["X-Own", "1"]] } })).ok);
  const http = await connect();
  http.send(POST);
  const answer = await http.answer();
  assert.equal(answer.headers["x-own"], "1");
  assert.equal(answer.headers["content-type"], "application/json");
  assert.deepEqual(JSON.parse(answer.body), { id: log.events[0]?.id, seq: 1 });
});

test("an answer that HTTP cannot carry is refused when it is configured", async (t) => {
  const { hub } = await startTestIngress(t);
  const wrong: Partial<SourceAnswer>[] = [
    { status: 199 },
    { status: 600 },
    { status: 200.5 },
    { status: 204, body: "x" },
    { delayMs: -1 },
    { delayMs: 30_001 },
    { delayMs: Number.NaN },
    { headers: [["Bad Name", "x"]] },
    { headers: [["X", "a\r\nSet-Cookie: b"]] },
    { headers: [["X", "€"]] },
    { headers: [["Content-Length", "3"]] },
    { body: "x".repeat(65 * 1024) },
  ];
  for (const answer of wrong) {
    const saved = await hub.sources.save("any", { answer });
    assert.ok(!saved.ok, JSON.stringify(answer));
    assert.equal(saved.refusal.code, "PARAMS_INVALID");
  }
});

const EVENT = { id: "memory-1", seq: 1 } as HubEvent;

function fakeExchange() {
  const sent: number[] = [];
  const onClose: (() => void)[] = [];
  const response = { once: (_name: string, listener: () => void) => onClose.push(listener) };
  const exchange = { response, answer: (status: number) => void sent.push(status) } as unknown as HttpExchange;
  return { exchange, sent, hangUp: () => onClose.forEach((listener) => listener()) };
}

test("a delayed answer is sent after its delay, not before", () => {
  const clock = createFakeClock();
  const { exchange, sent } = fakeExchange();
  createReplies(clock).reply(exchange, { status: 200, headers: [], body: null, delayMs: 5000 }, EVENT, () => {});
  clock.advance(4999);
  assert.deepEqual(sent, []);
  clock.advance(1);
  assert.deepEqual(sent, [200]);
});

test("a stop sends delayed answers at once, and delays no more", () => {
  const clock = createFakeClock();
  const replies = createReplies(clock);
  const answer: SourceAnswer = { status: 201, headers: [], body: null, delayMs: 5000 };
  const { exchange, sent } = fakeExchange();
  replies.reply(exchange, answer, EVENT, () => {});
  replies.stop();
  assert.deepEqual(sent, [201]);
  replies.reply(exchange, answer, EVENT, () => {});
  assert.deepEqual(sent, [201, 201]);
  assert.equal(clock.pending(), 0);
});

test("a delayed answer is forgotten when its sender hangs up", () => {
  const clock = createFakeClock();
  const { exchange, sent, hangUp } = fakeExchange();
  let waited = 0;
  createReplies(clock).reply(exchange, { status: 200, headers: [], body: null, delayMs: 5000 }, EVENT, () => (waited += 1));
  hangUp();
  assert.equal(waited, 1, "how long it waited is known all the same");
  assert.equal(clock.pending(), 0);
  clock.advance(10_000);
  assert.deepEqual(sent, []);
});
