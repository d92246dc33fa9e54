import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as send, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { systemClock } from "../../main/platform/clock.ts";
import { createSelfTest } from "../../main/tunnels/self-test.ts";

/** Long enough for a busy machine, short enough for a test that waits for it. */
const HOLD_MS = 300;

async function listen(t: TestContext, handle: RequestListener): Promise<string> {
  const server = createServer(handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The hub's end of a tunnel, and something in between that holds back the answers to these methods until they end. */
async function setUp(t: TestContext, heldBack: readonly string[] = []) {
  const selfTest = createSelfTest(systemClock, HOLD_MS);
  const seen: string[] = [];
  const own = await listen(t, (request, response) => {
    const exchange = {
      path: request.url!,
      response,
      answer: (status: number, headers: string[], body: string) => void response.writeHead(status, headers).end(body),
    };
    seen.push(`${request.method} ${selfTest.handle(exchange)}`);
    if (!response.headersSent) response.writeHead(404).end("nothing");
  });
  const publicUrl = await listen(t, (request, response) => {
    const onward = send(own + request.url!, { method: request.method!, headers: request.headers });
    request.pipe(onward);
    onward.once("response", async (answer) => {
      if (!heldBack.includes(request.method!)) return void answer.pipe(response.writeHead(answer.statusCode!, answer.headers));
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      response.writeHead(answer.statusCode!, { "content-type": "text/event-stream" }).end(Buffer.concat(chunks));
    });
  });
  const target = { publicUrl, publicOnly: false, stream: null, signal: new AbortController().signal } as const;
  return { selfTest, target, seen, own };
}

test("the hub reaches itself through the tunnel, and streams come through as they are written", async (t) => {
  const { selfTest, target, seen } = await setUp(t);
  const health = await selfTest.run(target);
  assert.deepEqual([health.ok, health.stream, health.reason], [true, "streams", null]);
  assert.ok(health.latencyMs! >= 1);
  assert.deepEqual(seen, ["GET true", "GET true"]);
});

test("a tunnel that holds back answers to GET is told from one that holds back all", async (t) => {
  const getOnly = await setUp(t, ["GET"]);
  assert.equal((await getOnly.selfTest.run(getOnly.target)).stream, "post-only");
  const all = await setUp(t, ["GET", "POST"]);
  const health = await all.selfTest.run(all.target);
  assert.deepEqual([health.ok, health.stream], [true, "buffered"]);
});

test("what is known of streams is not tried again", async (t) => {
  const { selfTest, target, seen } = await setUp(t);
  assert.equal((await selfTest.run({ ...target, stream: "buffered" })).stream, "buffered");
  assert.equal(seen.length, 1);
});

test("a nonce is answered once, and nobody else's is", async (t) => {
  const { selfTest, own } = await setUp(t);
  const path = "/.signalbox/self-test/";
  assert.equal((await fetch(`${own}${path}00000000-0000-0000-0000-000000000000`)).status, 404);
  let dialled = "";
  const replayed = Promise.withResolvers<number>();
  const spy = await listen(t, async (request, response) => {
    dialled ||= own + request.url!;
    const answer = await fetch(own + request.url!);
    response.end(await answer.text());
    replayed.resolve((await fetch(dialled)).status);
  });
  const health = await selfTest.run({ publicUrl: spy, publicOnly: false, stream: "unknown", signal: new AbortController().signal });
  assert.equal(health.ok, true);
  assert.equal(await replayed.promise, 404);
});

test("what answers in the hub's place is told by its status, and is not believed for an answer of its own", async (t) => {
  const { selfTest, target } = await setUp(t);
  const run = async (status: number, headers: Record<string, string> = {}): Promise<string> => {
    const publicUrl = await listen(t, (_request, response) => response.writeHead(status, headers).end("Welcome!"));
    const health = await selfTest.run({ ...target, publicUrl });
    assert.equal(health.ok, false);
    return health.reason!;
  };
  assert.match(await run(200), /is not this hub \(status 200\)/);
  assert.match(await run(502), /answered 502: the provider does not reach this hub's end/);
  assert.match(await run(302, { location: "http://10.0.0.1/" }), /redirect \(302\)/);
  const gone = await selfTest.run({ ...target, publicUrl: "http://127.0.0.1:1" });
  assert.match(gone.reason!, /Nothing listens at 127\.0\.0\.1:1\. .*GatewayPorts/);
});

test("a URL in the words of a foreign server is dialled on the public internet only", async (t) => {
  const { selfTest, target, seen } = await setUp(t);
  const health = await selfTest.run({ ...target, publicOnly: true });
  assert.match(health.reason!, /is not dialled, as the provider has named it and it is not on the public internet/);
  const { port } = new URL(target.publicUrl);
  const named = await selfTest.run({ ...target, publicUrl: `http://localhost:${port}`, publicOnly: true });
  assert.match(named.reason!, /not on the public internet \((127\.0\.0\.1|::1) is not/);
  assert.deepEqual(seen, []);
});

test("an answer that never ends is given up, and so is one that does not begin when the tunnel is closed", async (t) => {
  const { selfTest, target } = await setUp(t);
  const flood = await listen(t, (_request, response) => {
    const write = (): void => void (response.destroyed || response.write("x".repeat(1000), () => setImmediate(write)));
    write();
  });
  assert.match((await selfTest.run({ ...target, publicUrl: flood })).reason!, /is not this hub/);
  const stop = new AbortController();
  const silent = await listen(t, () => stop.abort());
  assert.match((await selfTest.run({ ...target, publicUrl: silent, signal: stop.signal })).reason!, /did not answer in time/);
});
