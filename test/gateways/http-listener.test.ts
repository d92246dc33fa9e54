import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { RefusalError } from "../../main/contract/errors.ts";
import { createHttpListener } from "../../main/gateways/http-listener.ts";
import { createCounters } from "../../main/hub/counters.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { eventually } from "../support/eventually.ts";
import { testConfig } from "../support/test-config.ts";
import { startTestIngress } from "../support/test-ingress.ts";

const POST = "POST /in/any HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi";

test("the front page says what this is, as text or as JSON", async (t) => {
  const { connect } = await startTestIngress(t);
  const http = await connect();
  http.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  assert.match((await http.answer()).body, /\/in\/<source>/);
  http.send("GET / HTTP/1.1\r\nHost: h\r\nAccept: application/json\r\n\r\n");
  assert.equal((JSON.parse((await http.answer()).body) as { name: string }).name, "signalbox");
});

test("what is not there is not found, in the shape of every refusal", async (t) => {
  const { connect } = await startTestIngress(t);
  const http = await connect();
  for (const path of ["/nothing", "/inn/x", "/%zz", "/in%2Fx"]) {
    http.send(`OPTIONS ${path} HTTP/1.1\r\nHost: h\r\n\r\n`);
    const answer = await http.answer();
    assert.equal(answer.status, 404, path);
    assert.equal((JSON.parse(answer.body) as { error: { code: string } }).error.code, "NOT_FOUND");
  }
});

test("a stop frees the port and closes idle connections", async (t) => {
  const { connect, stop, port } = await startTestIngress(t);
  const http = await connect();
  http.send(POST);
  await http.answer();
  await stop();
  await http.closed();
  const server = createServer().listen(port, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
});

test("a request in hand when the stop begins is finished, and its connection closed", async (t) => {
  const { connect, stop, log } = await startTestIngress(t);
  const http = await connect();
  log.hold();
  http.send(POST);
  await eventually("the event waits for its commit", () => log.waiting() === 1);
  const stopped = stop();
  log.release();
  const answer = await http.answer();
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["connection"], "close");
  await http.closed();
  await stopped;
});

test("a new request on an old connection is refused once the stop has begun", async (t) => {
  const { connect, stop, log } = await startTestIngress(t);
  const http = await connect();
  log.hold();
  http.send(POST);
  await eventually("the event waits for its commit", () => log.waiting() === 1);
  const stopped = stop();
  http.send(POST);
  const bytes = http.socket.bytesWritten;
  await eventually("both requests were sent", () => bytes === 2 * POST.length);
  log.release();
  assert.equal((await http.answer()).status, 200);
  await http.closed();
  await stopped;
  assert.equal(log.events.length, 1);
});

test("a busy port is told with who wants it and the option that moves it", async (t) => {
  const busy = createServer().listen(0, "127.0.0.1");
  t.after(() => busy.close());
  await once(busy, "listening");
  const { port } = busy.address() as { port: number };
  const listener = createHttpListener({
    ...testConfig("/nowhere").limits,
    host: "127.0.0.1",
    port,
    clock: systemClock,
    counters: createCounters(),
    logger: silentLogger,
    intake: () => false,
    app: () => {},
  });
  await assert.rejects(listener.start(), (error) => {
    assert.ok(error instanceof RefusalError);
    assert.equal(error.code, "PORT_BUSY");
    assert.match(
      error.message,
      new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is in use, and the ingress listener wants it\\..* --ingress `),
    );
    assert.deepEqual(error.details, { listener: "ingress", setting: "ingress", host: "127.0.0.1", port });
    return true;
  });
  await listener.stop();
});

test("connections are counted while they are open", async (t) => {
  const { connect, hub } = await startTestIngress(t);
  const http = await connect();
  http.send(POST);
  await http.answer();
  assert.equal(hub.counters.connections, 1);
  http.socket.destroy();
  await eventually("the connection is gone", () => hub.counters.connections === 0);
});
