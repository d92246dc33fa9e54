import assert from "node:assert/strict";
import { test } from "node:test";
import { LINE_CHARS, PREVIEW_CHARS } from "../../main/contract/event.ts";
import { previewOf, searchTextOf, SEARCH_BYTES, TEXT_PROBE_BYTES, toSummary } from "../../main/hub/event-view.ts";
import type { RequestHead } from "../../main/hub/ports.ts";
import { newEvent } from "../support/new-event.ts";

const HEAD: RequestHead = {
  method: "POST",
  target: "/in/shop?x=1",
  httpVersion: "1.1",
  headers: [],
  trailers: [],
  remoteAddress: "127.0.0.1",
  publicUrl: "http://h/in/shop?x=1",
  status: 200,
};

test("a summary names its place, its request and the events it belongs to", () => {
  const event = { ...newEvent({ head: HEAD, causeSeq: 35, traceSeq: 36, duplicateOfSeq: 37 }), seq: 40, id: "log-14" };
  const summary = toSummary(event, "log");
  assert.equal(summary.path, "/in/shop?x=1");
  assert.equal(summary.method, "POST");
  assert.equal(summary.status, 200);
  assert.equal(summary.causeId, "log-z");
  assert.equal(summary.traceId, "log-10");
  assert.equal(summary.duplicateOf, "log-11");
  assert.equal(summary.preview, "hello");
});

test("a summary is of bounded length, however long the request's target and media type are", () => {
  const long = "x".repeat(30_000);
  const event = { ...newEvent({ contentType: long, head: { ...HEAD, target: `/in/shop?${long}` } }), seq: 1, id: "log-1" };
  const summary = toSummary(event, "log");
  assert.equal(summary.path, event.head!.target.slice(0, LINE_CHARS));
  assert.equal(summary.contentType?.length, LINE_CHARS);
});

test("an event nothing caused begins its own trace", () => {
  const summary = toSummary({ ...newEvent(), seq: 1, id: "log-1" }, "log");
  assert.equal(summary.traceId, "log-1");
  assert.equal(summary.causeId, null);
  assert.equal(summary.path, null);
});

test("a preview is one line of bounded length without control or bidirectional characters", () => {
  assert.equal(previewOf(Buffer.from("a\n\tb\u0007\u202ec\u0085d"), false), "a  b  c d");
  assert.equal(previewOf(Buffer.from("x".repeat(500)), false), "x".repeat(PREVIEW_CHARS));
  assert.equal(previewOf(Buffer.alloc(0), false), "");
  const faces = previewOf(Buffer.from(`x${"😀".repeat(200)}`), false)!;
  assert.ok(faces.isWellFormed(), "no character is cut in two");
  assert.equal(faces.length, PREVIEW_CHARS - 1);
});

test("what has control characters and nothing to be seen is binary; white space is text", () => {
  assert.equal(previewOf(Buffer.from([1, 2]), false), null);
  assert.equal(previewOf(Buffer.from([0x20, 0x1b]), false), null);
  assert.equal(previewOf(Buffer.from(" \n\t"), false), "   ");
});

test("binary has no preview: no UTF-8, or a NUL, among the first bytes", () => {
  assert.equal(previewOf(Buffer.from([0xff]), false), null);
  assert.equal(previewOf(Buffer.from([0x61, 0xc3]), false), null, "a broken last character of a whole body");
  assert.equal(previewOf(Buffer.from("a\0b"), false), null);
  assert.equal(previewOf(Buffer.concat([Buffer.alloc(TEXT_PROBE_BYTES - 1, "x"), Buffer.from([0])]), false), null);
  assert.notEqual(previewOf(Buffer.concat([Buffer.alloc(TEXT_PROBE_BYTES, "x"), Buffer.from([0, 0xff])]), false), null);
});

test("a character parted by a cut does not make a text binary", () => {
  for (const shift of [0, 1, 2, 3]) {
    const body = Buffer.from("x".repeat(shift) + "😀".repeat(TEXT_PROBE_BYTES));
    assert.notEqual(previewOf(body, false), null);
    assert.equal(previewOf(body.subarray(0, TEXT_PROBE_BYTES), true), previewOf(body, false), "the same from its first bytes alone");
  }
  assert.equal(previewOf(Buffer.from("é").subarray(0, 1), true), "");
});

test("search sees topic, path and the beginning of a text body", () => {
  assert.equal(searchTextOf(newEvent({ head: HEAD })), "test/topic /in/shop?x=1 hello");
  assert.equal(searchTextOf(newEvent()), "test/topic  hello");
  assert.equal(searchTextOf(newEvent({ body: Buffer.from([0, 1]) })), "test/topic  ");
  assert.equal(searchTextOf(newEvent({ body: Buffer.alloc(3 * SEARCH_BYTES, "y") })).length, "test/topic  ".length + SEARCH_BYTES);
});
