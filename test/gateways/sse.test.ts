import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { eventually } from "../support/eventually.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { startTestIngress } from "../support/test-ingress.ts";

interface Stream {
  readonly response: Response;
  /** What has come so far. */
  text(): string;
  /** Resolves when it contains this. */
  holds(part: string): Promise<unknown>;
  /** Resolves at the end of the stream, however it ends. */
  readonly ended: Promise<void>;
}

async function openStream(t: TestContext, url: string, init: RequestInit = {}): Promise<Stream> {
  const stop = new AbortController();
  const response = await fetch(url, { ...init, signal: stop.signal });
  let text = "";
  const read = async (): Promise<void> => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) text += chunk;
  };
  const ended = read().catch(() => undefined); // cut off, by us or by the hub
  t.after(async () => {
    stop.abort();
    await ended;
  });
  return { response, text: () => text, holds: (part) => eventually(`the stream holds ${part}`, () => text.includes(part)), ended };
}

test("an event is a block with its seq, its topic and a line of data for each of its own", async (t) => {
  const { url, hub } = await startTestIngress(t);
  for (const method of ["GET", "POST"]) {
    const stream = await openStream(t, `${url}/sse?topic=a/+`, { method });
    assert.equal(stream.response.headers.get("content-type"), "text/event-stream; charset=utf-8");
    await stream.holds(": connected");
    await hub.publish({ topic: "a/b", payload: Buffer.from("one\ntwo") });
    await stream.holds(`id: ${hub.lastSeq()}\nevent: a/b\ndata: one\ndata: two\n\n`);
  }
});

test("what would not come out as it went in is wrapped as JSON", async (t) => {
  const { url, hub } = await startTestIngress(t);
  const stream = await openStream(t, `${url}/sse?topic=a`);
  await stream.holds(": connected");
  await hub.publish({ topic: "a", payload: Buffer.from([0xff]), contentType: "image/x" });
  await stream.holds('"contentType":"image/x","payload":"/w==","encoding":"base64"}\n\n');
  await hub.publish({ topic: "a", payload: Buffer.from("a\rb") });
  await stream.holds(`"payload":"${Buffer.from("a\rb").toString("base64")}"`);
});

test("asked to, it wraps every event as a message without a name, also what is retained", async (t) => {
  const { url, hub } = await startTestIngress(t);
  await hub.publish({ topic: "a/b", payload: Buffer.from("kept"), retain: true });
  const stream = await openStream(t, `${url}/sse?topic=a/%2B&wrap=1`);
  await stream.holds('"payload":"kept","retained":true}\n\n');
  await hub.publish({ topic: "a/c", payload: Buffer.from("one\r\ntwo") });
  await stream.holds(`id: ${hub.lastSeq()}\ndata: {"seq":${hub.lastSeq()},"topic":"a/c","time":`);
  await stream.holds('"payload":"one\\r\\ntwo"}\n\n');
  assert.equal(stream.text().includes("event:"), false);
});

test("Last-Event-ID is where it goes on, before what the address says", async (t) => {
  const { url, hub } = await startTestIngress(t);
  for (const n of [1, 2, 3]) await hub.publish({ topic: "a", payload: Buffer.from(`n${n}`) });
  const stream = await openStream(t, `${url}/sse?topic=a&after=0`, { headers: { "Last-Event-ID": "2" } });
  await stream.holds("data: n3");
  assert.equal(stream.text().includes("n2"), false);
});

test("every 15 seconds there is a comment", async (t) => {
  const clock = createFakeClock();
  const { url } = await startTestIngress(t, { clock });
  const stream = await openStream(t, `${url}/sse?topic=a`);
  await stream.holds(": connected");
  assert.equal(stream.text().includes(": heartbeat"), false);
  clock.advance(15_000);
  await stream.holds(": heartbeat\n\n");
});

test("a reader that does not read is cut", async (t) => {
  const { connect, hub, url } = await startTestIngress(t, { sse: { maxQueuedBytes: 150_000 } });
  const slow = await connect();
  slow.send(`GET /sse?topic=a HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`);
  slow.socket.pause();
  const fast = await openStream(t, `${url}/sse?topic=a`);
  await fast.holds(": connected");
  const before = hub.counters.connections;
  const payload = Buffer.alloc(100_000, 97);
  await eventually("the slow reader is cut", async () => {
    await hub.publish({ topic: "a", payload });
    await fast.holds(`id: ${hub.lastSeq()}\n`);
    return hub.counters.connections < before;
  });
});

test("a stream without topics, with a wrong one or a wrong seq is refused", async (t) => {
  const { url } = await startTestIngress(t);
  for (const query of ["", "?topic=a%23", "?topic=a&after=x"]) {
    const answer = await fetch(`${url}/sse${query}`);
    assert.equal(answer.status, 400, query);
    await answer.body?.cancel();
  }
});
