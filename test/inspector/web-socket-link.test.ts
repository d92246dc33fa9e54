import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { WebSocket, WebSocketServer } from "ws";
import { encodeFrame } from "../../main/contract/codec.ts";
import { LINK_PATH, type Link } from "../../main/contract/link.ts";
import { openWebSocketLink } from "../../main/inspector/links/web-socket-link.ts";
import { systemClock, type Clock } from "../../main/platform/clock.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { eventually } from "../support/eventually.ts";
import { appendEvents, startTestInspector, TEST_TOKEN, type TestInspector, type TestInspectorOptions } from "../support/test-inspector.ts";

async function open(t: TestContext, options?: TestInspectorOptions): Promise<{ hub: TestInspector; socket: WebSocket }> {
  const hub = await startTestInspector(t, options);
  const socket = new WebSocket(`ws://127.0.0.1:${hub.port}${LINK_PATH}`);
  t.after(() => socket.terminate());
  await once(socket, "open");
  return { hub, socket };
}

async function greet(socket: WebSocket): Promise<void> {
  socket.send(encodeFrame({ t: "hello", version: 1, token: TEST_TOKEN }));
  await once(socket, "message");
}

async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, "close")) as [number];
  return code;
}

test("a token that is wrong closes the WebSocket with 1008 and the reason", async (t) => {
  const { socket } = await open(t);
  socket.send(encodeFrame({ t: "hello", version: 1, token: "wrong" }));
  const [goodbye] = (await once(socket, "message")) as [Buffer];
  assert.match(goodbye.toString("utf8"), /"goodbye".*TOKEN_INVALID/);
  assert.equal(await closeCode(socket), 1008);
});

test("a frame of more than 2 MiB closes the WebSocket with 1009", async (t) => {
  const { socket } = await open(t);
  socket.send(" ".repeat(2 * 1024 * 1024 + 1));
  assert.equal(await closeCode(socket), 1009);
});

test("a binary frame closes the WebSocket with 1003", async (t) => {
  const { socket } = await open(t);
  await greet(socket);
  socket.send(Buffer.from("{}"));
  assert.equal(await closeCode(socket), 1003);
});

test("a text frame that is not UTF-8 closes the WebSocket with 1007", async (t) => {
  const { socket } = await open(t);
  await greet(socket);
  socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
  assert.equal(await closeCode(socket), 1007);
});

test("compression is not negotiated", async (t) => {
  const { socket } = await open(t);
  assert.equal(socket.extensions, "");
});

test("a peer that answers no ping is cut after the second", async (t) => {
  const clock = createFakeClock();
  const hub = await startTestInspector(t, { clock });
  const socket = new WebSocket(`ws://127.0.0.1:${hub.port}${LINK_PATH}`, { autoPong: false });
  t.after(() => socket.terminate());
  await once(socket, "open");
  await greet(socket);
  let pings = 0;
  socket.on("ping", () => (pings += 1));
  clock.advance(30_000);
  await eventually("it is pinged", () => pings === 1);
  clock.advance(30_000);
  await eventually("it is pinged again", () => pings === 2);
  const closed = closeCode(socket);
  clock.advance(30_000);
  assert.equal(await closed, 1006);
});

test("a peer that answers its pings stays", async (t) => {
  const clock = createFakeClock();
  const { socket } = await open(t, { clock });
  await greet(socket);
  for (let round = 0; round < 5; round += 1) {
    const pinged = once(socket, "ping");
    clock.advance(30_000);
    await pinged;
    // What the hub answers now, it answers after it has read the pong.
    socket.send(encodeFrame({ t: "call", id: round + 1, name: "hub.status", params: {} }));
    await once(socket, "message");
  }
  assert.equal(socket.readyState, WebSocket.OPEN);
});

/** A link as the hub has it, to a peer that is paused. */
async function openPausedLink(t: TestContext, clock: Clock): Promise<{ link: Link; socket: WebSocket; peer: WebSocket }> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  t.after(() => server.close());
  await once(server, "listening");
  const peer = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  t.after(() => peer.terminate());
  const [socket] = (await once(server, "connection")) as [WebSocket];
  await once(peer, "open");
  peer.pause();
  return { link: openWebSocketLink(socket, clock), socket, peer };
}

test("a peer that does not answer the close is cut after five seconds", async (t) => {
  const clock = createFakeClock();
  const { link, socket } = await openPausedLink(t, clock);
  const reasons: string[] = [];
  link.onClose((reason) => reasons.push(reason));
  link.close(1008, "no more");
  assert.deepEqual(reasons, ["no more"]);
  clock.advance(4999);
  assert.equal(socket.readyState, WebSocket.CLOSING);
  clock.advance(1);
  await eventually("it is cut", () => socket.readyState === WebSocket.CLOSED);
  assert.equal(clock.pending(), 0);
  assert.deepEqual(reasons, ["no more"]);
});

test("a peer that does not read is closed once 16 MiB wait for it, and of every frame it is told when it is gone", async (t) => {
  const { link, peer } = await openPausedLink(t, systemClock);
  const text = "x".repeat(1024 * 1024);
  const reasons: string[] = [];
  link.onClose((reason) => reasons.push(reason));
  let given = 0;
  let sent = 0;
  for (; reasons.length === 0 && given < 100; given += 1) link.send(text, () => (sent += 1));
  assert.deepEqual(reasons, ["the reader is too slow"]);
  assert.ok(given <= 30, `${given} MiB were taken`);
  const closed = closeCode(peer);
  peer.resume();
  assert.equal(await closed, 1013);
  await eventually("all are told", () => sent === given);
});

test("for a peer that does not read no more answers are made than are held for it, and the others come when it reads", async (t) => {
  const { hub, socket } = await open(t);
  const [event] = await appendEvents(hub.hub, [{ body: Buffer.alloc(1024 * 1024) }]);
  await greet(socket);
  let made = 0;
  const body = hub.log.body.bind(hub.log);
  hub.log.body = (...args) => {
    made += 1;
    return body(...args);
  };
  socket.pause();
  for (let id = 1; id <= 60; id += 1) socket.send(encodeFrame({ t: "call", id, name: "events.body", params: { id: event!.id } }));
  await eventually("some are made", () => made >= 4);
  // A call on another link is answered meanwhile, so the hub has had its turns.
  for (let round = 0; round < 20; round += 1) assert.equal((await hub.ask("/api/v1/status")).status, 200);
  assert.ok(made < 40, `${made} answers were made`);
  let answers = 0;
  socket.on("message", () => (answers += 1));
  socket.resume();
  await eventually("all are answered", () => answers === 60);
  assert.equal(socket.readyState, WebSocket.OPEN);
});
