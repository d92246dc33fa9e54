import assert from "node:assert/strict";
import { test } from "node:test";
import { assertCorners, HTTP_CORNERS, type Corner } from "../support/http-corners.ts";
import { startTestIngress } from "../support/test-ingress.ts";

const WAYS = [
  { method: "POST", path: "/in/any", good: 200 },
  { method: "POST", path: "/publish/a", good: 201 },
  { method: "GET", path: "/poll?topic=none&after=now&wait=0", good: 200 },
  { method: "GET", path: "/", good: 200 },
];

for (const { method, path, good } of WAYS)
  test(`${path} answers every corner of HTTP as the table says`, async (t) => {
    const { port } = await startTestIngress(t);
    await assertCorners(t, { port, method, path, body: '{"some":"body"}' }, good, HTTP_CORNERS);
  });

test("/sse refuses every corner of HTTP as the table says", async (t) => {
  const { port } = await startTestIngress(t);
  const refused = HTTP_CORNERS.filter(({ answers }) => !answers.includes("good"));
  await assertCorners(t, { port, method: "POST", path: "/sse?topic=a", body: "" }, 200, refused);
});

/** Framing that breaks within a body: what is refused once the head was taken. */
const BROKEN_CHUNKS = ["0xf\r\n", "f \r\n", "f\n", "f;a\n", "fffffffffffffffff\r\n", "-1\r\n", ";\r\n"];

test("a body whose chunks are broken is refused and stores nothing as whole, however soon the break comes", async (t) => {
  const { port, log } = await startTestIngress(t);
  const corners = BROKEN_CHUNKS.map((size): Corner => {
    const body = `${size}{"some":"body"}\r\n0\r\n\r\n`;
    return {
      what: JSON.stringify(size),
      request: ({ method, path }) => `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nTransfer-Encoding: chunked\r\n\r\n${body}`,
      answers: [400],
      code: "REQUEST_MALFORMED",
      closed: true,
    };
  });
  for (const path of ["/in/any", "/publish/a"]) await assertCorners(t, { port, method: "POST", path, body: "" }, 200, corners);
  assert.deepEqual(
    log.events.filter(({ state }) => state === "accepted"),
    [],
  );
});

test("a stream that is asked for with a broken body does not begin", async (t) => {
  const { port } = await startTestIngress(t);
  const request = `POST /sse?topic=a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nTransfer-Encoding: chunked\r\n\r\nf \r\nbody`;
  await assertCorners(t, { port, method: "POST", path: "/sse?topic=a", body: "" }, 200, [
    { what: "a broken chunk", request: () => request, answers: [400], code: "REQUEST_MALFORMED", closed: true },
  ]);
});

test("the authority of an absolute target counts, whatever Host says", async (t) => {
  const { connect, port, log } = await startTestIngress(t);
  const ask = async (target: string): Promise<number> => {
    const http = await connect();
    http.send(`POST ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 0\r\n\r\n`);
    return (await http.answer()).status;
  };
  assert.equal(await ask(`http://127.0.0.1:${port}/publish/a`), 201);
  assert.equal(await ask("http://evil.example/publish/a"), 421);
  assert.equal(await ask("http://provider.example/in/any"), 200);
  assert.equal(log.events.at(-1)?.head?.publicUrl, "http://provider.example/in/any");
});

test("every address says what it takes, and HEAD is answered like GET without its body", async (t) => {
  const { connect, port } = await startTestIngress(t);
  for (const [path, allow] of [
    ["/", "GET, HEAD, OPTIONS"],
    ["/poll?topic=a", "GET, HEAD, OPTIONS"],
    ["/sse?topic=a", "GET, HEAD, POST, OPTIONS"],
    ["/publish/a", "POST, PUT, OPTIONS"],
  ] as const) {
    const http = await connect();
    for (const [method, status] of [
      ["DELETE", 405],
      ["TRACE", 405],
      ["OPTIONS", 204],
    ] as const) {
      http.send(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
      const answer = await http.answer();
      assert.deepEqual([answer.status, answer.headers["allow"]], [status, allow], `${method} ${path}`);
    }
  }
  for (const [path, type] of [
    ["/poll?topic=a", "application/json"],
    ["/sse?topic=a", "text/event-stream; charset=utf-8"],
  ] as const) {
    const http = await connect();
    http.send(`HEAD ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    const answer = await http.answer({ withoutBody: true });
    assert.deepEqual([answer.status, answer.headers["content-type"]], [200, type], path);
  }
});

test("a connection that asks ever more without waiting for an answer is closed", async (t) => {
  const { connect, port, hub } = await startTestIngress(t);
  const http = await connect();
  http.send(`GET /poll?topic=a&after=now HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`.repeat(1100));
  await http.closed();
  assert.equal(hub.counters.connections, 0);
});
