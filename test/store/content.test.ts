import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { MAX_CHUNK_BYTES } from "../../main/contract/calls.ts";
import type { EventLog } from "../../main/hub/ports.ts";
import { appendAll, newEvent, newHead, testStores } from "../support/test-store.ts";

async function readWhole(log: EventLog, id: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let offset = 0; ;) {
    const chunk = await log.body(id, offset, MAX_CHUNK_BYTES);
    assert.ok(chunk.ok);
    const bytes = Buffer.from(chunk.value.base64, "base64");
    parts.push(bytes);
    offset += bytes.length;
    if (offset >= chunk.value.storedBytes) return Buffer.concat(parts);
    assert.ok(bytes.length > 0, "it comes to an end");
  }
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

test("bodies of every length around the parts they are kept in come back byte for byte", async (t) => {
  const { log } = await testStores(t).open();
  const [inline, chunk] = [16 * 1024, 64 * 1024];
  const lengths = [
    0,
    1,
    100,
    inline - 1,
    inline,
    inline + 1,
    inline + chunk - 1,
    inline + chunk,
    inline + chunk + 1,
    inline + 3 * chunk + 7,
    10 * 1024 * 1024,
  ];
  const bodies = lengths.map((length) => randomBytes(length));
  const events = await appendAll(
    log,
    bodies.map((body) => newEvent({ body })),
  );
  for (const [index, { id }] of events.entries()) {
    const body = bodies[index]!;
    const detail = await log.get(id);
    assert.ok(detail.ok);
    assert.equal(detail.value.storedBytes, body.length);
    assert.equal(detail.value.sha256, sha256(body));
    assert.ok(body.equals(await readWhole(log, id)), `a body of ${body.length} bytes`);
  }
});

test("any part of a long body can be asked for, and nothing past its end", async (t) => {
  const { log } = await testStores(t).open();
  const body = randomBytes(500_000);
  const [event] = await appendAll(log, [newEvent({ body })]);
  for (const [offset, length] of [
    [0, 10],
    [16_380, 10],
    [16_384, 65_536],
    [16_383, 65_538],
    [81_919, 2],
    [300_000, 200_000],
    [499_999, 10],
    [500_000, 10],
    [900_000, 10],
  ] as const) {
    const part = await log.body(event!.id, offset, length);
    assert.ok(part.ok);
    assert.ok(body.subarray(offset, offset + length).equals(Buffer.from(part.value.base64, "base64")), `${length} bytes from ${offset}`);
    assert.equal(part.value.storedBytes, 500_000);
  }
  const wrong = await log.body(event!.id, -1, 10);
  assert.ok(!wrong.ok && wrong.refusal.code === "PARAMS_INVALID");
});

test("a request's head is kept exactly: order, case, duplicates, latin1 and any Unicode", async (t) => {
  const { log } = await testStores(t).open();
  const head = newHead({
    method: "PROPFIND",
    target: "/in/shop/%F0%9F%92%A1?q=\u00e4&q=2",
    headers: [
      ["X-Name", "M\u00fcller \u00ff"],
      ["x-name", "second"],
      ["X-NAME", ""],
      ["Emoji", "\u{1f4a1}"],
      ["Quote", '"\\\t'],
    ],
    trailers: [["X-Sum", "abc"]],
    remoteAddress: "::1",
    status: 202,
  });
  const sent = newEvent({
    protocol: "webhook",
    source: "sh\u00f6p",
    topic: "webhooks/sh\u00f6p/\u{1f4a1}",
    contentType: 'multipart/form-data; boundary="\u00e9"',
    state: "refused",
    refusal: "BODY_TOO_LARGE",
    verdict: "failed",
    verdictCause: "the signature does not fit",
    verdictMessage: "It was signed with another secret: \u00e4.",
    truncated: true,
    size: 99_999_999,
    retained: true,
    causeSeq: 1,
    traceSeq: 1,
    duplicateOfSeq: 1,
    hops: 3,
    direction: "out",
    head,
  });
  const [stored] = await appendAll(log, [sent]);
  const detail = await log.get(stored!.id);
  assert.ok(detail.ok);
  const { id } = log.status();
  assert.deepEqual(detail.value, {
    seq: 1,
    id: `${id}-1`,
    time: sent.receivedAt,
    protocol: "webhook",
    direction: "out",
    source: "sh\u00f6p",
    topic: sent.topic,
    contentType: sent.contentType,
    size: 99_999_999,
    method: "PROPFIND",
    path: head.target,
    status: 202,
    state: "refused",
    refusal: "BODY_TOO_LARGE",
    truncated: true,
    verdict: "failed",
    verdictCause: "the signature does not fit",
    duplicateOf: `${id}-1`,
    traceId: `${id}-1`,
    causeId: `${id}-1`,
    hops: 3,
    retained: true,
    preview: '{"temperature":21.5}',
    headers: head.headers,
    trailers: head.trailers,
    query: "q=\u00e4&q=2",
    httpVersion: "1.1",
    remoteAddress: "::1",
    publicUrl: head.publicUrl,
    storedBytes: 20,
    sha256: sha256(sent.body),
    verdictMessage: "It was signed with another secret: \u00e4.",
  });
});

test("the detail has all of a long target and media type, of which a page has the beginning", async (t) => {
  const { log } = await testStores(t).open();
  const long = "x".repeat(20_000);
  const [event] = await appendAll(log, [newEvent({ contentType: `text/${long}`, head: newHead({ target: `/in/a?${long}` }) })]);
  const detail = await log.get(event!.id);
  assert.ok(detail.ok);
  assert.deepEqual([detail.value.path, detail.value.contentType], [`/in/a?${long}`, `text/${long}`]);
  const page = await log.query({});
  assert.ok(page.ok);
  assert.ok(detail.value.path!.startsWith(page.value.events[0]!.path!));
  assert.ok(page.value.events[0]!.path!.length < 2000);
});

test("an event without a request has none made up for it", async (t) => {
  const { log } = await testStores(t).open();
  const [stored] = await appendAll(log, [newEvent({ contentType: "application/json" })]);
  const detail = await log.get(stored!.id);
  assert.ok(detail.ok);
  const { method, path, status, headers, trailers, query, httpVersion, remoteAddress, publicUrl, contentType } = detail.value;
  assert.deepEqual(
    { method, path, status, headers, trailers, query, httpVersion, remoteAddress, publicUrl, contentType },
    {
      method: null,
      path: null,
      status: null,
      headers: [],
      trailers: [],
      query: null,
      httpVersion: null,
      remoteAddress: null,
      publicUrl: null,
      contentType: "application/json",
    },
  );
});

test("a preview is that of the live feed, also where its bytes end within a character", async (t) => {
  const { log } = await testStores(t).open();
  const bodies = [
    Buffer.from("\u{1f4a1}".repeat(5000)),
    Buffer.from(`a${"\u{1f4a1}".repeat(5000)}`),
    Buffer.from(`ab${"\u20ac".repeat(30_000)}`),
    Buffer.from([0, 1, 2]),
  ];
  await appendAll(
    log,
    bodies.map((body) => newEvent({ body })),
  );
  const page = await log.query({ after: 0 });
  assert.ok(page.ok);
  assert.deepEqual(
    page.value.events.map(({ preview }) => preview),
    ["\u{1f4a1}".repeat(80), `a${"\u{1f4a1}".repeat(79)}`, `ab${"\u20ac".repeat(158)}`, null],
  );
});

test("an id of another log, or no id at all, is EVENT_NOT_FOUND", async (t) => {
  const { log } = await testStores(t).open();
  await appendAll(log, [newEvent()]);
  const { id } = log.status();
  for (const wrong of [`other-1`, `${id}-2`, `${id}-01`, `${id}-`, id, "", `${id}-zzzzzzzzzzzzzzzz`, `${id}-1; DROP`]) {
    const detail = await log.get(wrong);
    assert.ok(!detail.ok && detail.refusal.code === "EVENT_NOT_FOUND", wrong);
    const body = await log.body(wrong, 0, 10);
    assert.ok(!body.ok && body.refusal.code === "EVENT_NOT_FOUND", wrong);
  }
});
