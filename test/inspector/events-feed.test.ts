import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { connectInspector, type InspectorClient } from "../../main/contract/inspector.ts";
import type { Gap } from "../../main/contract/feeds.ts";
import type { Refusal } from "../../main/contract/errors.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { createLinkPair } from "../support/link-pair.ts";
import { eventually } from "../support/eventually.ts";
import { appendEvents, startTestInspector, type TestInspector, type TestInspectorOptions } from "../support/test-inspector.ts";

interface Reading {
  readonly seqs: number[];
  readonly frames: number[];
  readonly gaps: Gap[];
  readonly opened: number[];
  readonly ended: (Refusal | null)[];
}

async function connect(t: TestContext, options?: TestInspectorOptions): Promise<{ hub: TestInspector; client: InspectorClient }> {
  const hub = await startTestInspector(t, options);
  const [near, far] = createLinkPair();
  hub.inspector.attach(far, "trusted");
  const client = await connectInspector(near);
  t.after(() => client.close());
  return { hub, client };
}

/** Follows events; `hold` makes the reader slow: no frame is taken before it resolves. */
function follow(
  client: InspectorClient,
  params: { after?: number; filter?: string } = {},
  hold: () => Promise<void> | void = () => {},
): Reading {
  const reading: Reading = { seqs: [], frames: [], gaps: [], opened: [], ended: [] };
  client.open("events", params, {
    onOpened: (seq) => reading.opened.push(seq),
    onItems: (items) => {
      reading.frames.push(items.length);
      reading.seqs.push(...items.map((item) => item.seq));
      return hold();
    },
    onGap: (gap) => {
      reading.gaps.push(gap);
      return hold();
    },
    onEnd: (error) => reading.ended.push(error),
  });
  return reading;
}

const many = (count: number) => Array.from({ length: count }, () => ({}));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test("a feed with `after` resumes there, with no gap and no duplicate while events go on coming in", async (t) => {
  const { hub, client } = await connect(t);
  await appendEvents(hub.hub, many(1234));
  const stop = new AbortController();
  const writer = (async () => {
    for (let round = 0; !stop.signal.aborted; round += 1) await appendEvents(hub.hub, many((round % 7) + 1));
  })();
  const readings = range(0, 9).map((index) => follow(client, { after: index * 130 }));
  await eventually("every feed has gone live", () => readings.every((reading) => (reading.seqs.at(-1) ?? 0) > 1500));
  stop.abort();
  await writer;
  const last = hub.log.events.length;
  await eventually("every feed has reached the end", () => readings.every((reading) => reading.seqs.at(-1) === last));
  for (const [index, reading] of readings.entries()) {
    assert.deepEqual(reading.seqs, range(index * 130 + 1, last));
    assert.deepEqual(reading.gaps, []);
    assert.deepEqual(reading.opened, [index * 130]);
  }
});

test("a feed without `after` begins with what comes next", async (t) => {
  const { hub, client } = await connect(t);
  await appendEvents(hub.hub, many(5));
  const reading = follow(client);
  await eventually("it is open", () => reading.opened.length === 1);
  await appendEvents(hub.hub, many(3));
  await eventually("three have come", () => reading.seqs.length === 3);
  assert.deepEqual(reading, { seqs: [6, 7, 8], frames: reading.frames, gaps: [], opened: [5], ended: [] });
});

test("events that come together travel together, and no timer runs when nothing comes", async (t) => {
  const clock = createFakeClock();
  const { hub, client } = await connect(t, { clock });
  const reading = follow(client);
  await eventually("it is open", () => reading.opened.length === 1);
  assert.equal(clock.pending(), 0);
  await appendEvents(hub.hub, many(20));
  await appendEvents(hub.hub, many(20));
  assert.equal(clock.pending(), 1);
  clock.advance(30);
  await eventually("a frame has come", () => reading.frames.length > 0);
  assert.deepEqual(reading.frames, [40]);
  assert.equal(clock.pending(), 0);
});

test("a slow reader gets one gap for what it missed, exactly, and then goes on", async (t) => {
  const { hub, client } = await connect(t);
  const held = Promise.withResolvers<void>();
  const reading = follow(client, {}, () => held.promise);
  await eventually("it is open", () => reading.opened.length === 1);
  // Eight frames of 500 fill the window; the rest is missed.
  await appendEvents(hub.hub, many(20_000));
  assert.equal(reading.frames.length, 1);
  held.resolve();
  await eventually("the gap has been told", () => reading.gaps.length === 1);
  await appendEvents(hub.hub, many(10));
  await eventually("it has gone on", () => reading.seqs.at(-1) === 20_010);
  assert.deepEqual(reading.gaps, [{ from: 4001, to: 20_000 }]);
  assert.deepEqual(reading.seqs, [...range(1, 4000), ...range(20_001, 20_010)]);
  assert.ok(reading.frames.every((items) => items <= 500));
});

test("a slow reader costs the hub the same however much it misses", async (t) => {
  const sent: number[] = [];
  const hub = await startTestInspector(t);
  const [near, far] = createLinkPair();
  hub.inspector.attach({ ...far, send: (text) => (sent.push(text.length), far.send(text)) }, "trusted");
  const client = await connectInspector(near);
  const reading = follow(client, {}, () => new Promise(() => {}));
  await eventually("it is open", () => reading.opened.length === 1);
  await appendEvents(hub.hub, many(5000));
  const before = sent.length;
  await appendEvents(hub.hub, many(20_000));
  assert.equal(sent.length, before);
  client.close();
});

test("a reader that catches up slowly gets everything at its own pace", async (t) => {
  const { hub, client } = await connect(t);
  await appendEvents(hub.hub, many(6000));
  const turns: (() => void)[] = [];
  const reading = follow(client, { after: 0 }, () => new Promise((resolve) => turns.push(resolve)));
  while (reading.seqs.length < 6000) {
    await eventually("the next frame is there", () => turns.length > 0);
    turns.shift()!();
    await appendEvents(hub.hub, many(1));
  }
  turns.forEach((resolve) => resolve());
  assert.deepEqual(reading.gaps, []);
  assert.deepEqual(reading.seqs.slice(0, 6000), range(1, 6000));
});

test("a feed brings only what passes its filter, from the log and live", async (t) => {
  const { hub, client } = await connect(t);
  const kinds = [
    { topic: "a/1", body: Buffer.from('{"colour":"green"}') },
    { topic: "b/1", body: Buffer.from('{"colour":"red"}') },
    { topic: "a/2", body: Buffer.from('{"colour":"red"}'), state: "refused", refusal: "BODY_TOO_LARGE" },
  ] as const;
  await appendEvents(hub.hub, kinds);
  const red = follow(client, { after: 0, filter: "topic:a/# red" });
  const refused = follow(client, { after: 0, filter: "state:refused" });
  await eventually("both have caught up", () => red.seqs.length === 1 && refused.seqs.length === 1);
  await appendEvents(hub.hub, kinds);
  await eventually("both are live", () => red.seqs.length === 2 && refused.seqs.length === 2);
  assert.deepEqual(red.seqs, [3, 6]);
  assert.deepEqual(refused.seqs, [3, 6]);
});

test("a relative time in a filter counts from when the feed was opened", async (t) => {
  const clock = createFakeClock(1_700_000_000_000);
  const { hub, client } = await connect(t, { clock });
  const reading = follow(client, { filter: "after:-1h" });
  await eventually("it is open", () => reading.opened.length === 1);
  clock.advance(3_600_000);
  await appendEvents(hub.hub, [{ receivedAt: 1_700_000_000_000 - 3_600_001 }, { receivedAt: 1_700_000_000_000 - 3_600_000 }]);
  clock.advance(30);
  await eventually("the younger one has come", () => reading.seqs.length > 0);
  assert.deepEqual(reading.seqs, [2]);
});

test("a gap counts only what the filter would have passed", async (t) => {
  const { hub, client } = await connect(t);
  const held = Promise.withResolvers<void>();
  const reading = follow(client, { filter: "topic:a" }, () => held.promise);
  await eventually("it is open", () => reading.opened.length === 1);
  await appendEvents(
    hub.hub,
    many(4000).map(() => ({ topic: "a" })),
  );
  await appendEvents(hub.hub, [{ topic: "b" }, { topic: "a" }, { topic: "b" }, { topic: "a" }, { topic: "b" }]);
  held.resolve();
  await eventually("the gap has been told", () => reading.gaps.length > 0);
  assert.deepEqual(reading.gaps, [{ from: 4002, to: 4004 }]);
});

test("a filter that cannot be understood ends the feed with the reason", async (t) => {
  const { client } = await connect(t);
  const reading = follow(client, { filter: "colour:red" });
  await eventually("it has ended", () => reading.ended.length === 1);
  assert.equal(reading.ended[0]?.code, "FILTER_INVALID");
  assert.match(reading.ended[0]?.message ?? "", /no field "colour"/);
});

test("a log that cannot be read ends the feed with the reason", async (t) => {
  const { hub, client } = await connect(t);
  hub.log.query = async () => ({ ok: false, refusal: { code: "STORE_DAMAGED", message: "The log is damaged." } });
  const reading = follow(client, { after: 0 });
  await eventually("it has ended", () => reading.ended.length === 1);
  assert.equal(reading.ended[0]?.code, "STORE_DAMAGED");
});

test("a feed nobody knows, wrong parameters and one feed too many are told, and the others go on", async (t) => {
  const { hub, client } = await connect(t);
  const wrong = follow(client, { after: -1 });
  const readings = range(1, 32).map(() => follow(client));
  const tooMany = follow(client);
  const endings: (Refusal | null)[] = [];
  client.open("weather" as "status", {}, { onItems() {}, onGap() {}, onEnd: (error) => endings.push(error) });
  await eventually("the refusals have come", () => tooMany.ended.length + wrong.ended.length + endings.length === 3);
  assert.equal(tooMany.ended[0]?.code, "HUB_BUSY");
  assert.equal(wrong.ended[0]?.code, "PARAMS_INVALID");
  assert.equal(endings[0]?.code, "FEED_UNKNOWN");
  await appendEvents(hub.hub, many(1));
  await eventually("the others got the event", () => readings.every((reading) => reading.seqs.length === 1));
});

test("the status comes at once, every second, and when the log's state changes", async (t) => {
  const clock = createFakeClock();
  const { hub, client } = await connect(t, { clock });
  const states: string[] = [];
  const feed = client.open(
    "status",
    {},
    { onItems: (items) => void states.push(...items.map((item) => item.log.state)), onGap() {}, onEnd() {} },
  );
  await eventually("the first has come", () => states.length === 1);
  clock.advance(1000);
  await eventually("the second has come", () => states.length === 2);
  hub.log.refuseWith({ code: "STORE_FAILED", message: "The disk is gone." });
  await eventually("the change has come", () => states.length === 3);
  assert.deepEqual(states, ["open", "open", "failed"]);
  feed.close();
  await client.call("hub.status", {});
  assert.equal(clock.pending(), 0);
});
