import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import type { RefusalError } from "../../main/contract/errors.ts";
import { openKeys } from "../../main/access/keys.ts";
import { createHttpListener } from "../../main/inspector/http/listener.ts";
import { createInspector } from "../../main/inspector/inspector.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { createMemoryLog } from "../support/memory-log.ts";
import { rawHttp, type RawAnswer } from "../support/raw-http.ts";
import { createTestHub, startTestInspector, TEST_TOKEN } from "../support/test-inspector.ts";

const makeInspector = () =>
  createInspector({
    hub: createTestHub(createMemoryLog()),
    keys: openKeys({ path: null, now: () => 0 }),
    token: TEST_TOKEN,
    allowHosts: [],
    rendererFolder: "/nowhere",
    clock: systemClock,
    logger: silentLogger,
  });

const codeOf = (answer: RawAnswer): string => (JSON.parse(answer.body) as { error: { code: string } }).error.code;

test("a port in use is refused naming the port, who wants it, and the option that moves it", async (t) => {
  const { port } = await startTestInspector(t);
  await assert.rejects(makeInspector().listen({ host: "127.0.0.1", port }), (error: RefusalError) => {
    assert.equal(error.code, "PORT_BUSY");
    assert.match(error.message, new RegExp(`Port ${port}\\b.*inspector.*--inspector`));
    return true;
  });
});

test("an address that is not this machine's is refused", async () => {
  await assert.rejects(makeInspector().listen({ host: "192.0.2.1", port: 0 }), (error: RefusalError) => error.code === "LISTEN_REFUSED");
});

test("nothing links to an inspector that does not listen, and it stops all the same", async () => {
  const inspector = makeInspector();
  assert.throws(() => inspector.createLoginLink(), /does not listen/);
  await inspector.stop();
});

test("stopping frees the port", async (t) => {
  const first = await startTestInspector(t);
  const idle = connect(first.port, "127.0.0.1");
  await once(idle, "connect");
  const closed = once(idle, "close");
  await first.inspector.stop();
  await closed;
  const second = makeInspector();
  assert.equal((await second.listen({ host: "127.0.0.1", port: first.port })).url, first.url);
  await second.stop();
});

test("what is not HTTP, too large or unknown is answered as JSON with the catalogue's status", async (t) => {
  const hub = await startTestInspector(t);
  const host = `Host: 127.0.0.1:${hub.port}`;
  const attempts = [
    ["hello\r\n\r\n", 400, "REQUEST_MALFORMED"],
    [`GET / HTTP/1.1\r\n${host}\r\nBad Header: x\r\n\r\n`, 400, "REQUEST_MALFORMED"],
    [`POST /api/v1/login HTTP/1.1\r\n${host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`, 400, "REQUEST_MALFORMED"],
    [`GET / HTTP/1.1\r\n${host}\r\nX: ${"x".repeat(40_000)}\r\n\r\n`, 431, "HEADERS_TOO_LARGE"],
    [`POST / HTTP/1.1\r\n${host}\r\nExpect: magic\r\nConnection: close\r\n\r\n`, 417, "EXPECTATION_FAILED"],
    [`CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n\r\n`, 405, "METHOD_NOT_ALLOWED"],
    [`GET /nowhere HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`, 404, "NOT_FOUND"],
    [`GET /api/v1/events/%ff HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`, 400, "REQUEST_MALFORMED"],
  ] as const;
  for (const [request, status, code] of attempts) {
    const { answer } = await rawHttp(hub.url, request);
    const got = await answer;
    assert.deepEqual(
      [got.status, codeOf(got), got.headers.get("content-type")],
      [status, code, "application/json; charset=utf-8"],
      request,
    );
  }
  assert.equal((await hub.ask("/healthz")).status, 200);
});

test("connections that ask for nothing do not keep out those that do", async (t) => {
  const hub = await startTestInspector(t);
  const silent = await Promise.all(
    Array.from({ length: 300 }, async () => {
      const socket = connect(hub.port, "127.0.0.1");
      t.after(() => socket.destroy());
      socket.on("error", () => undefined);
      await once(socket, "connect");
      return socket;
    }),
  );
  assert.equal((await hub.ask("/api/v1/status")).status, 200);
  assert.equal((await hub.ask("/api/v1/status")).status, 200);
  for (const socket of silent) socket.destroy();
});

test("a sender whose headers do not come is answered 408 and let go", async (t) => {
  const listener = createHttpListener({
    handleRequest: (_request, response) => void response.end(),
    handleUpgrade: (_request, socket) => void socket.destroy(),
    handleError: (error) => assert.fail(error),
    headersTimeoutMs: 50,
  });
  const { url } = await listener.listen({ host: "127.0.0.1", port: 0 });
  t.after(() => listener.close());
  const { answer } = await rawHttp(url, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
  const got = await answer;
  assert.deepEqual([got.status, codeOf(got)], [408, "REQUEST_TIMEOUT"]);
});
