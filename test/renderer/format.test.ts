import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64, toBase64 } from "../../renderer/format/base64.ts";
import { decodeText, extensionFor, formatsFor, isRasterImage } from "../../renderer/format/body-kind.ts";
import { toEventTitle } from "../../renderer/format/event-title.ts";
import { parseForm } from "../../renderer/format/form-fields.ts";
import { toHexRow, hexRowCount } from "../../renderer/format/hex.ts";
import { toCount, toShortCount, toSize } from "../../renderer/format/quantity.ts";
import { longestLine, splitLines } from "../../renderer/format/text-lines.ts";
import { toClock, toListTime, toLocalIso, toRelative, toSpan } from "../../renderer/format/time.ts";

const NOON = new Date(2026, 10, 22, 12, 4, 5, 678).getTime();

test("times are written with the precision the place asks for", () => {
  assert.equal(toClock(NOON), "12:04:05.678");
  assert.equal(toListTime(NOON, NOON + 1000), "12:04:05.678");
  assert.equal(toListTime(NOON, NOON + 86_400_000), "22 Nov 12:04");
  assert.equal(toRelative(NOON, NOON + 200), "just now");
  assert.equal(toRelative(NOON, NOON + 125_000), "2 min ago");
  assert.equal(toRelative(NOON + 5000, NOON), "in 5 s");
  assert.equal(toSpan(480), "480 ms");
  assert.equal(toSpan(2500), "2.5 s");
  assert.equal(toSpan(3_725_000), "1 h 2 min");
});

test("a local time written for the filter reads back as the same moment", () => {
  for (const time of [NOON, NOON - 678, NOON - 5678]) assert.equal(Date.parse(toLocalIso(time)), time);
});

test("sizes and counts keep to a few characters", () => {
  assert.deepEqual([0, 1023, 1024, 1536, 10_240, 1_048_576, 10_485_760].map(toSize), [
    "0 B",
    "1023 B",
    "1 KB",
    "1.5 KB",
    "10 KB",
    "1 MB",
    "10 MB",
  ]);
  assert.deepEqual([999, 1200, 34_400, 5_600_000].map(toShortCount), ["999", "1.2k", "34k", "5.6M"]);
  assert.equal(toCount(1_234_567), "1,234,567");
});

test("a hex row has sixteen bytes in two groups and dots for what cannot be printed", () => {
  const bytes = Uint8Array.from([0, 0x41, 0x7e, 0x7f, 0xff, 0x20, 0x0a, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39]);
  assert.equal(hexRowCount(bytes, 16), 2);
  assert.deepEqual(toHexRow(bytes, 0, 16), {
    offset: "00000000",
    hex: "00 41 7e 7f ff 20 0a 30  31 32 33 34 35 36 37 38",
    text: ".A~.. .012345678",
  });
  assert.equal(toHexRow(bytes, 1, 16).offset, "00000010");
  assert.equal(toHexRow(bytes, 1, 16).hex.trimEnd(), "39");
});

test("lines are counted as written, and a long one goes on in further rows without losing anything", () => {
  const long = `${"x".repeat(79)}🚦${"y".repeat(79)}`;
  const lines = splitLines(`one\r\n${long}\n`, 80);
  const all = Array.from({ length: lines.count }, (_, at) => lines.line(at));
  assert.deepEqual(
    all.map((line) => line.number),
    [1, 2, null, 3],
  );
  assert.equal(all[0]!.text, "one");
  assert.equal(all[1]!.text + all[2]!.text, long);
  assert.ok(all.every((line) => line.text.isWellFormed()));
  assert.equal(longestLine(`a\n${"b".repeat(50)}\nc`, 1000), 50);
});

test("base64 goes both ways for every byte", () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7) & 0xff);
  assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
});

test("only text is decoded as text", () => {
  assert.equal(decodeText(new TextEncoder().encode("grün")), "grün");
  assert.equal(decodeText(Uint8Array.from([0xff, 0xfe])), null);
  assert.equal(decodeText(Uint8Array.from([0x41, 0])), null);
});

test("an SVG is never shown as an image", () => {
  assert.equal(isRasterImage("image/svg+xml"), false);
  assert.equal(isRasterImage("image/PNG; q=1"), true);
  assert.deepEqual(formatsFor({ contentType: "image/svg+xml", isText: true, isJson: false }), ["text", "hex"]);
  assert.deepEqual(formatsFor({ contentType: "application/json", isText: true, isJson: true }), ["tree", "text", "hex"]);
  assert.deepEqual(formatsFor({ contentType: null, isText: false, isJson: false }), ["hex"]);
  assert.equal(extensionFor("application/problem+json"), "json");
});

test("form fields keep their order and doubles", () => {
  assert.deepEqual(parseForm("b=2&a=1+1&b=%C3%A9&empty"), [
    { name: "b", value: "2" },
    { name: "a", value: "1 1" },
    { name: "b", value: "é" },
    { name: "empty", value: "" },
  ]);
});

test("an event is named by what matters: event type, path, or last topic level", () => {
  assert.deepEqual(toEventTitle({ source: "github", topic: "webhooks/github/push", path: "/in/github" }), {
    origin: "github",
    name: "push",
  });
  assert.deepEqual(toEventTitle({ source: "shop", topic: "webhooks/shop", path: "/in/shop/a?b=1" }), { origin: "shop", name: "/a?b=1" });
  assert.deepEqual(toEventTitle({ source: null, topic: "home/kitchen/temp", path: null }), { origin: "home/kitchen/", name: "temp" });
});
