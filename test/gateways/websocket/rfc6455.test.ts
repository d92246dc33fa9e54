import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestIngress } from "../../support/test-ingress.ts";
import { openRawWs, rawFrame } from "../../support/raw-ws.ts";

const CONTINUE = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const bye = rawFrame(CLOSE, Buffer.from([3, 232]));
const code = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);

/** What a peer of /ws/topic/echo sends, and what it must get: `opcode:payload`, a close as `close code`. */
const CASES: Readonly<Record<string, readonly [sent: readonly Buffer[], got: readonly string[]]>> = {
  "text and binary of every length form come back": [
    [rawFrame(TEXT, "a".repeat(125)), rawFrame(BINARY, "b".repeat(126)), rawFrame(TEXT, "c".repeat(65_535)), rawFrame(TEXT, ""), bye],
    [`1:${"a".repeat(125)}`, `2:${"b".repeat(126)}`, `1:${"c".repeat(65_535)}`, "1:", "close 1000"],
  ],
  "fragments are joined, and a ping between them is answered at once": [
    [
      rawFrame(TEXT, "one ", { fin: false }),
      rawFrame(PING, "p"),
      rawFrame(CONTINUE, "two ", { fin: false }),
      rawFrame(CONTINUE, "three"),
      bye,
    ],
    ["10:p", "1:one two three", "close 1000"],
  ],
  "a character may be cut by fragments": [
    [rawFrame(TEXT, Buffer.from([0xe2, 0x82]), { fin: false }), rawFrame(CONTINUE, Buffer.from([0xac])), bye],
    ["1:€", "close 1000"],
  ],
  "a ping is answered with its payload, an unasked pong with nothing": [
    [rawFrame(PING, "x".repeat(125)), rawFrame(PONG, "y"), bye],
    [`10:${"x".repeat(125)}`, "close 1000"],
  ],
  "text that is no UTF-8": [[rawFrame(TEXT, Buffer.from([0xc3, 0x28]))], ["close 1007"]],
  "text that ends within a character": [[rawFrame(TEXT, Buffer.from([0xe2, 0x82]))], ["close 1007"]],
  "a surrogate in text": [[rawFrame(TEXT, Buffer.from([0xed, 0xa0, 0x80]))], ["close 1007"]],
  "a frame without a mask": [[rawFrame(TEXT, "x", { masked: false })], ["close 1002"]],
  "a reserved bit": [[rawFrame(TEXT, "x", { rsv: 4 })], ["close 1002"]],
  "a reserved opcode": [[rawFrame(3, "x")], ["close 1002"]],
  "a ping of 126 bytes": [[rawFrame(PING, "x".repeat(126))], ["close 1002"]],
  "a ping in fragments": [[rawFrame(PING, "x", { fin: false })], ["close 1002"]],
  "a continuation of nothing": [[rawFrame(CONTINUE, "x")], ["close 1002"]],
  "a new message before the last one has ended": [[rawFrame(TEXT, "x", { fin: false }), rawFrame(TEXT, "y")], ["close 1002"]],
  "a message over the limit": [
    [rawFrame(BINARY, Buffer.alloc(60_000)), rawFrame(BINARY, Buffer.alloc(60_001))],
    ["60000 bytes", "close 1009"],
  ],
  "a close without a code": [[rawFrame(CLOSE, "")], ["close"]],
  "a close with a reason": [[rawFrame(CLOSE, Buffer.concat([code(3999), Buffer.from("why")]))], ["close 3999"]],
  "a close code that may not be sent": [[rawFrame(CLOSE, code(1005))], ["close 1002"]],
  "a close of one byte": [[rawFrame(CLOSE, "x")], ["close 1002"]],
  "a close whose reason is no UTF-8": [[rawFrame(CLOSE, Buffer.concat([code(1000), Buffer.from([0xff])]))], ["close 1007"]],
  "what comes after a close is not looked at": [[bye, rawFrame(TEXT, "late"), rawFrame(PING, "late")], ["close 1000"]],
};

for (const [what, [sent, expected]] of Object.entries(CASES))
  test(`RFC 6455: ${what}`, async (t) => {
    const { port } = await startTestIngress(t, { maxBodyBytes: what.includes("limit") ? 60_000 : 70_000 });
    const peer = await openRawWs(t, port, "/ws/topic/echo");
    for (const bytes of sent) peer.write(bytes);
    const frames = await peer.frames;
    const got = frames.map(({ opcode, payload }) => {
      if (opcode === CLOSE) return payload.length === 0 ? "close" : `close ${payload.readUInt16BE(0)}`;
      return payload.length === 60_000 ? "60000 bytes" : `${opcode}:${payload.toString()}`;
    });
    assert.deepEqual(got, expected);
  });

test("RFC 6455: a frame that arrives byte by byte is the same frame", async (t) => {
  const { port } = await startTestIngress(t);
  const peer = await openRawWs(t, port, "/ws/topic/echo");
  for (const byte of Buffer.concat([rawFrame(TEXT, "slowly"), bye])) {
    peer.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [frame] = await peer.frames;
  assert.equal(frame?.payload.toString(), "slowly");
});

const MAY_BE_SENT = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
const MAY_NOT = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65_535];

test("RFC 6455: a close code of §7.4 comes back, any other is a protocol error", async (t) => {
  const { port } = await startTestIngress(t);
  const answerTo = async (sent: number): Promise<string> => {
    const peer = await openRawWs(t, port, "/ws/topic/echo");
    peer.write(rawFrame(CLOSE, code(sent)));
    const [frame, ...more] = await peer.frames;
    assert.deepEqual(more, [], "a close is the last frame");
    return `${sent} → ${frame?.payload.readUInt16BE(0)}`;
  };
  const got = await Promise.all([...MAY_BE_SENT, ...MAY_NOT].map(answerTo));
  assert.deepEqual(got, [...MAY_BE_SENT.map((one) => `${one} → ${one}`), ...MAY_NOT.map((one) => `${one} → 1002`)]);
});
