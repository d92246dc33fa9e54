import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { MAX_ANSWER_BYTES } from "../../main/contract/delivery.ts";
import { createSender, type Sender } from "../../main/delivery/sender.ts";
import { createTargetGuard, type Resolve } from "../../main/delivery/target-guard.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { eventually } from "../support/eventually.ts";
import { createFakeClock, type FakeClock } from "../support/fake-clock.ts";
import { answer, startTarget } from "../support/webhook-target.ts";

const BODY = Buffer.from([0, 255, 13, 10, 0x7b]);
const request = { headers: { "content-length": String(BODY.length), "content-type": "application/x-any" }, body: BODY, timeoutMs: 15_000 };

interface SenderSetUp {
  readonly clock?: FakeClock | typeof systemClock;
  readonly resolve?: Resolve;
  readonly allow?: readonly string[];
}

function openSender(t: TestContext, url: string, { clock = systemClock, resolve, allow = ["127.0.0.1"] }: SenderSetUp = {}): Sender {
  const guard = createTargetGuard({ allow, ...(resolve ? { resolve } : {}) });
  const sender = createSender({ url: new URL(url), guard, concurrency: 4, clock });
  t.after(() => sender.close());
  return sender;
}

/** A server that answers each connection with raw bytes. */
async function startRaw(t: TestContext, onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test("the body arrives byte for byte with its content type, on a connection that is used again", async (t) => {
  const ports = new Set<number | undefined>();
  const target = await startTarget(t, (_request, response, raw) => {
    ports.add(raw.socket.remotePort);
    response.writeHead(202, { "X-Answer": "yes" }).end("thanks");
  });
  const sender = openSender(t, target.url);
  for (let n = 0; n < 3; n += 1) {
    const outcome = await sender.send(request);
    assert.deepEqual([outcome.status, outcome.cause, outcome.truncated], [202, null, false]);
    assert.equal(Buffer.from(outcome.body).toString(), "thanks");
    assert.ok(outcome.headers.some(([name, value]) => name === "X-Answer" && value === "yes"));
  }
  assert.equal(ports.size, 1);
  assert.ok(target.requests.every(({ body, headers }) => body.equals(BODY) && headers["content-type"] === "application/x-any"));
});

test("a redirect is a failure, and is not followed", async (t) => {
  const elsewhere = await startTarget(t);
  const target = await startTarget(t);
  const sender = openSender(t, target.url);
  for (const status of [301, 302, 303, 307, 308]) {
    target.answerWith(answer(status, { location: elsewhere.url }));
    const outcome = await sender.send(request);
    assert.deepEqual([outcome.status, outcome.cause], [status, "redirect"]);
    assert.ok(outcome.message?.includes(elsewhere.url));
  }
  assert.equal(elsewhere.requests.length, 0);
});

test("every status but 2xx is a failure; 410 says that the target is gone, and some ask for less", async (t) => {
  const target = await startTarget(t);
  const sender = openSender(t, target.url);
  const send = async (status: number, headers = {}) => {
    target.answerWith(answer(status, headers));
    const { cause, throttled, retryAfterMs } = await sender.send(request);
    return [cause, throttled, retryAfterMs];
  };
  assert.deepEqual(await send(299), [null, false, null]);
  assert.deepEqual(await send(400), ["status", false, null]);
  assert.deepEqual(await send(410), ["gone", false, null]);
  assert.deepEqual(await send(500), ["status", false, null]);
  assert.deepEqual(await send(429, { "retry-after": "7" }), ["status", true, 7000]);
  assert.deepEqual(await send(502), ["status", true, null]);
  assert.deepEqual(await send(503), ["status", false, null]);
  assert.deepEqual(await send(503, { "retry-after": "1" }), ["status", true, 1000]);
  assert.deepEqual(await send(504), ["status", true, null]);
});

test("no answer within the time is a failure", async (t) => {
  const clock = createFakeClock();
  const target = await startTarget(t, () => undefined);
  const sending = openSender(t, target.url, { clock }).send(request);
  await eventually("the request has come", () => target.requests.length === 1);
  clock.advance(15_000);
  const outcome = await sending;
  assert.deepEqual([outcome.cause, outcome.status, outcome.tookMs], ["timeout", null, 15_000]);
});

test("a 2xx counts though its body never ends: what has come of it is kept", async (t) => {
  const clock = createFakeClock();
  const target = await startTarget(t, (_request, response) => void response.writeHead(200).write("begun"));
  let done = false;
  const sending = openSender(t, target.url, { clock })
    .send(request)
    .finally(() => (done = true));
  await eventually("the body is given up", () => {
    if (target.requests.length > 0) clock.advance(100);
    return done;
  });
  const outcome = await sending;
  assert.deepEqual([outcome.cause, outcome.status, outcome.truncated, String(outcome.body)], [null, 200, true, "begun"]);
});

test("of a huge answer only the beginning is read, and it is not decompressed", async (t) => {
  let written = 0;
  const target = await startTarget(t, (_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" });
    const chunk = Buffer.alloc(64 * 1024, 0x1f);
    const more = (): void => {
      while (written < 64 * 1024 * 1024 && !response.destroyed) {
        written += chunk.length;
        if (!response.write(chunk)) return void response.once("drain", more);
      }
    };
    more();
  });
  const outcome = await openSender(t, target.url).send(request);
  assert.deepEqual([outcome.cause, outcome.truncated, outcome.body.length], [null, true, MAX_ANSWER_BYTES]);
  assert.ok(outcome.body.every((byte) => byte === 0x1f));
  assert.ok(written < 64 * 1024 * 1024);
});

test("what is no HTTP, ends before the answer, or has endless headers is a failure with its own cause", async (t) => {
  const garbage = await startRaw(t, (socket) => socket.end("SSH-2.0-OpenSSH\r\n\r\n"));
  const silent = await startRaw(t, (socket) => socket.once("data", () => socket.destroy()));
  const endless = await startRaw(t, (socket) => {
    socket.write("HTTP/1.1 200 OK\r\n");
    const more = (): void => {
      while (!socket.destroyed) if (!socket.write(`X-${"a".repeat(1000)}: b\r\n`)) return void socket.once("drain", more);
    };
    more();
  });
  assert.equal((await openSender(t, garbage).send(request)).cause, "answer-malformed");
  assert.equal((await openSender(t, silent).send(request)).cause, "connection-lost");
  assert.equal((await openSender(t, endless).send(request)).cause, "answer-malformed");
});

test("a port nobody listens on and a name nobody knows are told apart", async (t) => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = closed.address() as AddressInfo;
  closed.close();
  assert.equal((await openSender(t, `http://127.0.0.1:${port}/`).send(request)).cause, "unreachable");
  const resolve: Resolve = async () => Promise.reject(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }));
  assert.equal((await openSender(t, "http://nobody.example/", { resolve }).send(request)).cause, "unresolved");
});

test("a name that comes to stand for a private address is not sent to, not even on an open connection", async (t) => {
  const clock = createFakeClock();
  const target = await startTarget(t);
  let address = "127.0.0.1";
  const resolve: Resolve = async () => [{ address, family: 4 }];
  const sender = openSender(t, `http://rebinding.example:${target.port}/`, { clock, resolve });
  assert.equal((await sender.send(request)).status, 200);
  assert.equal(target.requests[0]?.headers.host, `rebinding.example:${target.port}`);
  clock.advance(5000);
  address = "127.0.0.2";
  const outcome = await sender.send(request);
  assert.deepEqual([outcome.cause, outcome.status], ["target-refused", null]);
  assert.equal(target.requests.length, 1);
});

test("a connection is made to the address that was checked, whatever the name stands for by then", async (t) => {
  const target = await startTarget(t);
  let asked = 0;
  const resolve: Resolve = async () => {
    asked += 1;
    return [{ address: asked === 1 ? "127.0.0.1" : "169.254.169.254", family: 4 }];
  };
  const sender = openSender(t, `http://rebinding.example:${target.port}/`, { resolve });
  assert.equal((await sender.send(request)).status, 200);
  assert.equal(asked, 1);
});

test("an idle connection that the target closes at the moment of use is made anew, within the same attempt", async (t) => {
  let connections = 0;
  const url = await startRaw(t, (socket) => {
    connections += 1;
    let requests = 0;
    socket.on("data", () => {
      requests += 1;
      if (requests === 1) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      else socket.resetAndDestroy();
    });
  });
  const sender = openSender(t, url);
  assert.equal((await sender.send(request)).status, 200);
  assert.equal((await sender.send(request)).status, 200);
  assert.equal(connections, 2);
});
