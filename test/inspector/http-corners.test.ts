import assert from "node:assert/strict";
import { test } from "node:test";
import { assertCorners, HTTP_CORNERS } from "../support/http-corners.ts";
import { openRaw } from "../support/raw-connection.ts";
import { startTestInspector, TEST_TOKEN } from "../support/test-inspector.ts";

const LINES = `Authorization: Bearer ${TEST_TOKEN}\r\nContent-Type: application/json\r\n`;

for (const { method, path, good } of [
  { method: "POST", path: "/api/v1/publish", good: 201 },
  { method: "GET", path: "/healthz", good: 200 },
])
  test(`the inspector's ${path} answers every corner of HTTP as the table says`, async (t) => {
    const { port } = await startTestInspector(t);
    await assertCorners(t, { port, method, path, lines: LINES, body: '{"topic":"a","payload":"x"}' }, good, HTTP_CORNERS);
  });

test("the authority of an absolute target counts, whatever Host says", async (t) => {
  const { port } = await startTestInspector(t);
  const http = await openRaw(t, port);
  http.send(`GET http://evil.example/api/v1/status HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${LINES}\r\n`);
  assert.equal((await http.answer()).status, 421);
});

test("who asks before sending a body is told to go on only when the body is wanted", async (t) => {
  const { port } = await startTestInspector(t);
  const ask = async (lines: string, length: number): Promise<number> => {
    const http = await openRaw(t, port);
    http.send(
      `POST /api/v1/publish HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines}Expect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`,
    );
    const { status } = await http.answer();
    http.socket.destroy();
    return status;
  };
  assert.equal(await ask(LINES, 10), 100);
  assert.equal(await ask("Content-Type: application/json\r\n", 10), 401);
  assert.equal(await ask(LINES, 100_000_000), 413);
  assert.equal(await ask(LINES.replace("json", "xml"), 10), 415);
});

test("a body that is too large is refused before all of it has come", async (t) => {
  const { port } = await startTestInspector(t);
  const start = `POST /api/v1/sources HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${LINES}`;
  const announced = await openRaw(t, port);
  announced.send(`${start}Content-Length: 1000000000\r\n\r\n{`);
  assert.equal((await announced.answer()).status, 413);
  const endless = await openRaw(t, port);
  endless.send(`${start}Transfer-Encoding: chunked\r\n\r\n${`10000\r\n${"x".repeat(0x10000)}\r\n`.repeat(5)}`);
  assert.equal((await endless.answer()).status, 413);
});
