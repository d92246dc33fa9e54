import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeFrame, parseClientFrame, parseHubFrame } from "../../main/contract/codec.ts";
import type { ClientFrame, HubFrame } from "../../main/contract/frames.ts";

const CLIENT_FRAMES: ClientFrame[] = [
  { t: "hello", version: 1 },
  { t: "hello", version: 1, token: "a token" },
  { t: "call", id: 1, name: "hub.status", params: {} },
  { t: "call", id: 2, name: "events.get", params: { id: '\u0000\u2028\u{1f600}"' } },
  { t: "open", id: 3, feed: "events", params: { after: 0 } },
  { t: "close", id: 3 },
  { t: "taken", id: Number.MAX_SAFE_INTEGER },
];

const HUB_FRAMES: HubFrame[] = [
  { t: "welcome", version: 1, hubVersion: "1.2.3", logId: "abc", lastSeq: 7 },
  { t: "result", id: 1, result: { deep: [1, null, "x"] } },
  { t: "result", id: 1, result: null },
  { t: "failure", id: 1, error: { code: "NOT_FOUND", message: "no" } },
  { t: "failure", id: 1, error: { code: "PARAMS_INVALID", message: "no", details: { parameter: "limit" } } },
  { t: "opened", id: 2, seq: 0 },
  { t: "items", id: 2, items: [{ seq: 1 }, { seq: 2 }] },
  { t: "items", id: 2, items: [] },
  { t: "gap", id: 2, from: 3, to: 9 },
  { t: "ended", id: 2, error: null },
  { t: "ended", id: 2, error: { code: "FILTER_INVALID", message: "no" } },
  { t: "goodbye", error: { code: "TOKEN_INVALID", message: "no" } },
];

test("every frame comes back from its text as it was", () => {
  for (const frame of CLIENT_FRAMES) assert.deepEqual(parseClientFrame(encodeFrame(frame)), { ok: true, value: frame });
  for (const frame of HUB_FRAMES) assert.deepEqual(parseHubFrame(encodeFrame(frame)), { ok: true, value: frame });
});

test("a member that is missing or of another type is refused, whichever it is", () => {
  const wrong = [undefined, null, "text", -1, 1.5, 2 ** 53, true, {}, { message: "x" }];
  const attempts = [
    { frames: CLIENT_FRAMES as readonly Record<string, unknown>[], parse: parseClientFrame, free: ["params"] },
    { frames: HUB_FRAMES as unknown as readonly Record<string, unknown>[], parse: parseHubFrame, free: ["result"] },
  ];
  for (const { frames, parse, free } of attempts)
    for (const frame of frames)
      for (const member of Object.keys(frame).filter((name) => !free.includes(name)))
        for (const value of wrong) {
          const optional = value === undefined && member === "token";
          const fits = typeof value === "string" && typeof frame[member] === "string" && member !== "t";
          const empty = value === null && member === "error" && frame["t"] === "ended";
          const parsed = parse(JSON.stringify({ ...frame, [member]: value }));
          assert.equal(parsed.ok, optional || fits || empty, JSON.stringify({ ...frame, [member]: value }));
          if (!parsed.ok) assert.equal(parsed.refusal.code, "FRAME_INVALID");
        }
});

test("text that is no frame is refused with a reason, never thrown at", () => {
  for (const text of [
    "",
    " ",
    "null",
    "7",
    "[]",
    '"hello"',
    "{",
    '{"t":"hello"',
    "\u0000",
    "{}",
    '{"t":"__proto__"}',
    "[".repeat(100_000),
  ]) {
    for (const parse of [parseClientFrame, parseHubFrame]) {
      const parsed = parse(text);
      assert.ok(!parsed.ok && parsed.refusal.code === "FRAME_INVALID" && parsed.refusal.message.length > 10, text.slice(0, 20));
    }
  }
});

test("only what a frame has is taken over", () => {
  const parsed = parseClientFrame('{"t":"close","id":1,"extra":true,"__proto__":{"polluted":1}}');
  assert.deepEqual(parsed, { ok: true, value: { t: "close", id: 1 } });
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

test("a token or a name that is absurdly long is refused", () => {
  assert.ok(!parseClientFrame(encodeFrame({ t: "hello", version: 1, token: "x".repeat(1025) })).ok);
  assert.ok(!parseClientFrame(encodeFrame({ t: "call", id: 1, name: "x".repeat(65), params: {} })).ok);
});

test("a code that only a newer hub knows is kept beside INTERNAL", () => {
  const parsed = parseHubFrame('{"t":"failure","id":1,"error":{"code":"TOMORROW","message":"not yet"}}');
  assert.deepEqual(parsed, {
    ok: true,
    value: { t: "failure", id: 1, error: { code: "INTERNAL", message: "not yet", details: { code: "TOMORROW" } } },
  });
  const inherited = parseHubFrame('{"t":"failure","id":1,"error":{"code":"constructor","message":"x"}}');
  assert.ok(inherited.ok && inherited.value.t === "failure" && inherited.value.error.code === "INTERNAL");
});
