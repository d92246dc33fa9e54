import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { io, type Socket } from "socket.io-client";
import { eventually } from "../support/eventually.ts";
import { startTestIngress } from "../support/test-ingress.ts";

interface Emitted {
  readonly seq: number;
  readonly topic: string;
  readonly contentType: string | null;
  readonly payload: string | Buffer;
}

function open(t: TestContext, url: string, options: Parameters<typeof io>[1] = {}): { socket: Socket; events: Emitted[] } {
  const socket = io(url, { forceNew: true, reconnectionDelay: 10, ...options });
  t.after(() => socket.close());
  const events: Emitted[] = [];
  socket.on("event", (event: Emitted) => events.push(event));
  return { socket, events };
}

test("text, bytes and JSON go in and come out, over polling and over WebSocket", async (t) => {
  const { url, log } = await startTestIngress(t);
  for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
    const { socket, events } = open(t, url, { transports });
    assert.deepEqual(await socket.emitWithAck("subscribe", "a/#"), { seq: log.events.length });
    for (const payload of ["ü", Buffer.from([0, 0xff]), { on: true }]) {
      const reply = (await socket.emitWithAck("publish", "a/b", payload)) as { id: string; seq: number };
      assert.equal(reply.id, log.events.at(-1)!.id);
    }
    await eventually("all have come back", () => events.length === 3);
    assert.equal(events[0]!.payload, "ü");
    assert.deepEqual([...Buffer.from(events[1]!.payload)], [0, 0xff]);
    assert.equal(events[2]!.payload, '{"on":true}');
    assert.equal(events[2]!.contentType, "application/json");
    socket.close();
  }
});

test("after an unsubscribe nothing comes; what makes no sense is answered with an error", async (t) => {
  const { url, hub } = await startTestIngress(t);
  const { socket, events } = open(t, url);
  await socket.emitWithAck("subscribe", "a");
  assert.deepEqual(await socket.emitWithAck("unsubscribe", "a"), {});
  await hub.publish({ topic: "a", payload: Buffer.from("x") });
  const codeOf = async (...call: [string, ...unknown[]]): Promise<string> =>
    ((await socket.emitWithAck(...call)) as { error: { code: string } }).error.code;
  assert.equal(await codeOf("unsubscribe", "a"), "SUBSCRIPTION_NOT_FOUND");
  assert.equal(await codeOf("subscribe", "a/#/b"), "TOPIC_INVALID");
  assert.equal(await codeOf("subscribe", { not: "text" }), "PARAMS_INVALID");
  assert.equal(await codeOf("publish", "a/+", "x"), "TOPIC_INVALID");
  assert.equal(await codeOf("publish", "a"), "PARAMS_INVALID");
  assert.equal(events.length, 0);
});

test("a client that was cut off finds its subscriptions again, and what it missed, once each", async (t) => {
  const { url, hub } = await startTestIngress(t);
  const { socket, events } = open(t, url, { transports: ["websocket"] });
  await socket.emitWithAck("subscribe", "a/#");
  const publish = (n: number): Promise<unknown> => hub.publish({ topic: "a/b", payload: Buffer.from(String(n)) });
  for (let n = 0; n < 5; n += 1) await publish(n);
  await eventually("the first have come", () => events.length === 5);
  const again = new Promise<void>((resolve) => socket.once("connect", resolve));
  socket.io.engine.close();
  for (let n = 5; n < 10; n += 1) await publish(n);
  await again;
  assert.equal(socket.recovered, true);
  await publish(10);
  await eventually("the rest has come", () => events.length >= 11);
  assert.deepEqual(
    events.map(({ payload }) => Number(payload)),
    Array.from({ length: 11 }, (_, n) => n),
  );
});

test("a wrong key is not let in", async (t) => {
  const { url } = await startTestIngress(t);
  const socket = io(url, { forceNew: true, query: { key: "sbk_wrong" }, reconnection: false });
  t.after(() => socket.close());
  const error = await new Promise<Error>((resolve) => socket.once("connect_error", resolve));
  assert.ok(error);
});

test("a client with as many publications under way as allowed is told to wait, and goes on afterwards", async (t) => {
  const { url, log } = await startTestIngress(t, { socketIo: { maxInFlight: 10 } });
  const { socket } = open(t, url, { transports: ["websocket"] });
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  log.hold();
  const sent = Array.from(
    { length: 15 },
    () => socket.emitWithAck("publish", "a", "x") as Promise<{ seq?: number; error?: { code: string } }>,
  );
  const codes = await Promise.all(sent.slice(10).map(async (one) => (await one).error?.code));
  assert.deepEqual(codes, Array<string>(5).fill("HUB_BUSY"));
  log.release();
  for (const one of sent.slice(0, 10)) assert.ok((await one).seq);
  assert.ok(((await socket.emitWithAck("publish", "a", "x")) as { seq?: number }).seq);
});
