import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { encodeFrame, parseHubFrame } from "../../main/contract/codec.ts";
import type { ClientFrame, HubFrame } from "../../main/contract/frames.ts";
import type { Link } from "../../main/contract/link.ts";
import type { Trust } from "../../main/inspector/serve-link.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { createLinkPair } from "../support/link-pair.ts";
import { eventually } from "../support/eventually.ts";
import { createRecordingLogger } from "../support/recording-logger.ts";
import { appendEvents, startTestInspector, TEST_TOKEN, type TestInspector, type TestInspectorOptions } from "../support/test-inspector.ts";

interface Wire {
  readonly link: Link;
  readonly frames: HubFrame[];
  /** The codes the hub closed it with. */
  readonly closes: number[];
  say(frame: ClientFrame): void;
}

function wireTo(hub: TestInspector, trust: Trust): Wire {
  const [near, far] = createLinkPair();
  const frames: HubFrame[] = [];
  const closes: number[] = [];
  const watched: Link = {
    ...far,
    close(code, reason) {
      closes.push(code);
      far.close(code, reason);
    },
  };
  near.onMessage((text) => {
    const frame = parseHubFrame(text);
    assert.ok(frame.ok, text);
    frames.push(frame.value);
  });
  hub.inspector.attach(watched, trust);
  return { link: near, frames, closes, say: (frame) => near.send(encodeFrame(frame)) };
}

async function openWire(t: TestContext, options?: TestInspectorOptions): Promise<{ hub: TestInspector; wire: Wire }> {
  const hub = await startTestInspector(t, options);
  const wire = wireTo(hub, "trusted");
  wire.say({ t: "hello", version: 1 });
  await eventually("it is welcomed", () => wire.frames.length === 1);
  return { hub, wire };
}

const goodbyeCode = ({ frames }: Wire): string | null => {
  const last = frames.at(-1);
  return last?.t === "goodbye" ? last.error.code : null;
};

test("a link that needs a token is let in by the right one only", async (t) => {
  const hub = await startTestInspector(t);
  const attempts = [
    [{ t: "hello", version: 1 }, "TOKEN_REQUIRED"],
    [{ t: "hello", version: 1, token: "" }, "TOKEN_INVALID"],
    [{ t: "hello", version: 1, token: `${TEST_TOKEN}x` }, "TOKEN_INVALID"],
    [{ t: "hello", version: 1, token: TEST_TOKEN.slice(0, -1) }, "TOKEN_INVALID"],
    [{ t: "call", id: 1, name: "hub.status", params: {} }, "FRAME_INVALID"],
  ] as const;
  for (const [frame, code] of attempts) {
    const wire = wireTo(hub, "token");
    wire.say(frame);
    await eventually(`it is refused with ${code}`, () => goodbyeCode(wire) === code);
    assert.deepEqual(wire.closes, [1008]);
    assert.equal(wire.frames.length, 1);
  }
  const wire = wireTo(hub, "token");
  wire.say({ t: "hello", version: 1, token: TEST_TOKEN });
  await eventually("it is welcomed", () => wire.frames[0]?.t === "welcome");
});

test("a link that needs a token and says nothing is closed after five seconds", async (t) => {
  const clock = createFakeClock();
  const hub = await startTestInspector(t, { clock });
  const silent = wireTo(hub, "token");
  const trusted = wireTo(hub, "trusted");
  clock.advance(4999);
  assert.deepEqual(silent.closes, []);
  clock.advance(1);
  assert.deepEqual(silent.closes, [1008]);
  await eventually("it is told why", () => goodbyeCode(silent) === "TOKEN_REQUIRED");
  clock.advance(60_000);
  assert.deepEqual(trusted.closes, []);
});

test("a link that said hello in time is not closed later", async (t) => {
  const clock = createFakeClock();
  const hub = await startTestInspector(t, { clock });
  const wire = wireTo(hub, "token");
  wire.say({ t: "hello", version: 1, token: TEST_TOKEN });
  await eventually("it is welcomed", () => wire.frames.length === 1);
  clock.advance(60_000);
  assert.deepEqual(wire.closes, []);
});

test("a frame that is too long closes the link", async (t) => {
  const { wire } = await openWire(t);
  wire.link.send(" ".repeat(2 * 1024 * 1024 + 1));
  await eventually("it is refused", () => goodbyeCode(wire) === "BODY_TOO_LARGE");
  assert.deepEqual(wire.closes, [1009]);
});

test("the sixty-fifth call at once is refused, and the sixty-four are answered", async (t) => {
  const { hub, wire } = await openWire(t);
  hub.log.hold();
  for (let id = 1; id <= 65; id += 1) wire.say({ t: "call", id, name: "events.publish", params: { topic: "a", payload: "" } });
  await eventually("one is refused", () => wire.frames.length === 2);
  const refused = wire.frames[1];
  assert.ok(refused?.t === "failure");
  assert.deepEqual([refused.id, refused.error.code], [65, "HUB_BUSY"]);
  hub.log.release();
  await eventually("the others are answered", () => wire.frames.length === 66);
  assert.equal(wire.frames.filter((frame) => frame.t === "result").length, 64);
  assert.deepEqual(wire.closes, []);
});

test("an id that is in use is refused without disturbing what has it", async (t) => {
  const { hub, wire } = await openWire(t);
  hub.log.hold();
  const call = { t: "call", id: 7, name: "events.publish", params: { topic: "a", payload: "" } } as const;
  wire.say(call);
  wire.say(call);
  wire.say({ t: "open", id: 8, feed: "events", params: {} });
  wire.say({ t: "open", id: 8, feed: "events", params: {} });
  await eventually("both are refused", () => wire.frames.length === 4);
  hub.log.release();
  await eventually("the call is answered and the feed brings its event", () => wire.frames.length === 6);
  assert.deepEqual(wire.frames.map((frame) => frame.t).sort(), ["failure", "failure", "items", "opened", "result", "welcome"]);
});

test("the sixty-fifth link is told that there are too many, and there is room again when one goes", async (t) => {
  const hub = await startTestInspector(t);
  const wires = Array.from({ length: 64 }, () => wireTo(hub, "trusted"));
  const last = wireTo(hub, "trusted");
  await eventually("it is refused", () => goodbyeCode(last) === "TOO_MANY_CONNECTIONS");
  assert.deepEqual(last.closes, [1013]);
  wires[0]!.link.close(1000, "done");
  const next = await eventually("another is let in", () => {
    const wire = wireTo(hub, "trusted");
    return wire.closes.length === 0 && wire;
  });
  next.say({ t: "hello", version: 1 });
  await eventually("it is welcomed", () => next.frames[0]?.t === "welcome");
});

test("links that have shown no token do not keep out those that have one: the oldest of them goes", async (t) => {
  const hub = await startTestInspector(t);
  const member = wireTo(hub, "token");
  member.say({ t: "hello", version: 1, token: TEST_TOKEN });
  await eventually("it is welcomed", () => member.frames.length === 1);
  const silent = Array.from({ length: 63 }, () => wireTo(hub, "token"));
  const next = wireTo(hub, "token");
  next.say({ t: "hello", version: 1, token: TEST_TOKEN });
  await eventually("it is welcomed", () => next.frames[0]?.t === "welcome");
  await eventually("the oldest silent one is told why it goes", () => goodbyeCode(silent[0]!) === "TOO_MANY_CONNECTIONS");
  assert.deepEqual([member.closes, silent[0]!.closes, silent[1]!.closes], [[], [1013], []]);
});

test("a bug becomes INTERNAL with an id, under which the hub's log has the stack; nothing else crosses", async (t) => {
  const logger = createRecordingLogger();
  const { hub, wire } = await openWire(t, { logger });
  hub.log.get = () => Promise.reject(new Error("secret detail"));
  wire.say({ t: "call", id: 1, name: "events.get", params: { id: "memory-1" } });
  await eventually("it is answered", () => wire.frames.length === 2);
  const failure = wire.frames[1];
  assert.ok(failure?.t === "failure");
  assert.equal(failure.error.code, "INTERNAL");
  assert.doesNotMatch(JSON.stringify(failure), /secret/);
  const line = logger.lines.find((one) => one.level === "error");
  const fields = line?.fields as { id: string; error: Error };
  assert.equal(fields.id, failure.error.details?.["id"]);
  assert.match(fields.error.stack ?? "", /secret detail/);
});

test("an answer for a link that is gone is dropped", async (t) => {
  const { hub, wire } = await openWire(t);
  hub.log.hold();
  wire.say({ t: "call", id: 1, name: "events.publish", params: { topic: "a", payload: "" } });
  await eventually("the hub has it", () => hub.log.waiting() === 1);
  wire.link.close(1000, "done");
  hub.log.release();
  await eventually("it is stored all the same", () => hub.log.events.length === 1);
  assert.equal(wire.frames.length, 1);
});

test("a payload that is not what its encoding says is refused", async (t) => {
  const { hub, wire } = await openWire(t);
  const payloads = [
    { payload: "not base64!", encoding: "base64" },
    { payload: "YQ", encoding: "base64" },
    { payload: "\ud800", encoding: "utf8" },
  ];
  for (const [index, params] of payloads.entries())
    wire.say({ t: "call", id: index + 1, name: "events.publish", params: { topic: "a", ...params } });
  await eventually("all are answered", () => wire.frames.length === 4);
  for (const frame of wire.frames.slice(1)) assert.ok(frame.t === "failure" && frame.error.code === "PARAMS_INVALID");
  await appendEvents(hub.hub, [{}]);
  assert.equal(hub.log.events.length, 1);
});
