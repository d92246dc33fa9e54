import assert from "node:assert/strict";
import { test } from "node:test";
import { accept, refuse } from "../../main/contract/errors.ts";
import { DEFAULT_ANSWER, DEFAULT_SOURCE_SETTINGS } from "../../main/contract/source.ts";
import type { AppendOutcome, HubEvent, NewEvent } from "../../main/hub/ports.ts";
import type { Hub } from "../../main/hub/hub.ts";
import { eventually } from "../support/eventually.ts";
import { createMemorySources } from "../support/memory-log.ts";
import { newEvent } from "../support/new-event.ts";
import { createTestHub } from "../support/test-hub.ts";

function ingest(hub: Hub, event: NewEvent): Promise<AppendOutcome> {
  return new Promise((resolve) => hub.ingest(event, resolve));
}

test("an event is in the log before its sender hears of it, and the sender hears before anyone else", async () => {
  const { hub, log } = createTestHub();
  const order: string[] = [];
  assert.ok(hub.subscribe("#", () => order.push("subscriber")).ok);
  hub.onEvents(() => order.push("inspector"));
  await new Promise<void>((resolve) => {
    hub.ingest(newEvent(), (outcome) => {
      assert.ok(outcome.ok);
      assert.equal(log.events.length, 1);
      order.push("sender");
      resolve();
    });
  });
  await eventually("all have heard", () => order.length === 3);
  assert.equal(order[0], "sender");
});

test("a topic nobody may publish on is refused before the log sees it", async () => {
  const { hub, log } = createTestHub();
  for (const topic of ["", "a/+", "a/#", "a\0b", "x".repeat(2000), "/".repeat(40), "\ud800"]) {
    const outcome = await ingest(hub, newEvent({ topic }));
    assert.ok(!outcome.ok);
    assert.equal(outcome.refusal.code, "TOPIC_INVALID");
  }
  assert.equal(log.events.length, 0);
});

test("only accepted events reach subscribers; the inspector sees every one", async () => {
  const { hub } = createTestHub();
  const published: string[] = [];
  const seen: string[] = [];
  assert.ok(hub.subscribe("t/#", (event) => published.push(event.state)).ok);
  hub.onEvents((events) => seen.push(...events.map((event) => event.state)));
  for (const state of ["accepted", "refused", "duplicate", "handshake"] as const) await ingest(hub, newEvent({ topic: "t/x", state }));
  await ingest(hub, newEvent({ topic: "other" }));
  await eventually("all were seen", () => seen.length === 5);
  assert.deepEqual(published, ["accepted"]);
  assert.deepEqual(seen, ["accepted", "refused", "duplicate", "handshake", "accepted"]);
});

test("a listener with a bug keeps nothing from the others", async () => {
  const { hub } = createTestHub();
  const heard: number[] = [];
  assert.ok(
    hub.subscribe("#", () => {
      throw new Error("a bug");
    }).ok,
  );
  hub.onEvents(() => {
    throw new Error("another");
  });
  assert.ok(hub.subscribe("#", (event: HubEvent) => heard.push(event.seq)).ok);
  hub.onEvents((events) => heard.push(-events.length));
  await ingest(hub, newEvent());
  await eventually("the others heard", () => heard.length === 2);
});

test("who has unsubscribed hears no more", async () => {
  const { hub } = createTestHub();
  const heard: number[] = [];
  const subscribed = hub.subscribe("#", (event) => heard.push(event.seq));
  assert.ok(subscribed.ok);
  const stop = hub.onEvents((events) => heard.push(-events.length));
  subscribed.value();
  stop();
  let passed = false;
  hub.onEvents(() => (passed = true));
  await ingest(hub, newEvent());
  await eventually("the event went by", () => passed);
  assert.deepEqual(heard, []);
});

test("a filter that is none cannot be subscribed to", () => {
  const { hub } = createTestHub();
  const subscribed = hub.subscribe("a/#/b", () => {});
  assert.ok(!subscribed.ok);
  assert.equal(subscribed.refusal.code, "TOPIC_INVALID");
});

test("the hub's own publications are events like others, within the limit on bodies", async () => {
  const { hub, log } = createTestHub();
  const published = await hub.publish({ topic: "a/b", payload: Buffer.from("hi"), contentType: "text/plain", retain: true });
  assert.ok(published.ok);
  const event = log.events[0]!;
  assert.deepEqual(published.value, { id: event.id, seq: event.seq });
  assert.equal(event.protocol, "hub");
  assert.equal(event.retained, true);
  assert.equal(event.contentType, "text/plain");
  const tooLarge = await hub.publish({ topic: "a/b", payload: Buffer.alloc(1001) });
  assert.ok(!tooLarge.ok);
  assert.equal(tooLarge.refusal.code, "BODY_TOO_LARGE");
  const wrong = await hub.publish({ topic: "a/#", payload: Buffer.from("") });
  assert.ok(!wrong.ok);
  assert.equal(wrong.refusal.code, "TOPIC_INVALID");
});

test("a closed hub takes no more", async () => {
  const { hub } = createTestHub();
  hub.close();
  const outcome = await ingest(hub, newEvent());
  assert.ok(!outcome.ok);
  assert.equal(outcome.refusal.code, "HUB_STOPPING");
});

test("the status tells the rate of the last second and counts by protocol and state", async () => {
  const { hub, clock } = createTestHub();
  for (let n = 0; n < 5; n += 1) await ingest(hub, newEvent());
  await ingest(hub, newEvent({ state: "refused", refusal: "BODY_TOO_LARGE" }));
  await eventually("all are counted", () => hub.counters.events.hub.refused === 1);
  assert.deepEqual(hub.status().rate, { accepted: 5, refused: 1 });
  assert.equal(hub.counters.events.hub.accepted, 5);
  assert.equal(hub.counters.bodyBytes, 30);
  assert.equal(hub.counters.ack.count, 6);
  clock.advance(900);
  assert.equal(hub.status().rate.accepted, 5);
  clock.advance(200);
  assert.deepEqual(hub.status().rate, { accepted: 0, refused: 0 });
});

test("a source keeps what a change leaves out", async () => {
  const { hub } = createTestHub();
  assert.ok((await hub.sources.save("shop", { answer: { status: 202, body: "ok" } })).ok);
  const saved = await hub.sources.save("shop", { answer: { delayMs: 5 } });
  assert.ok(saved.ok);
  assert.deepEqual(saved.value.answer, { status: 202, headers: [], body: "ok", delayMs: 5 });
  const back = await hub.sources.save("shop", { answer: { body: null } });
  assert.ok(back.ok);
  assert.equal(back.value.answer.body, null);
});

test("sources are listed by name with their address and their last event, also from before the start", async () => {
  const { hub, log } = createTestHub({}, [
    { ...DEFAULT_SOURCE_SETTINGS, name: "zoo", createdAt: 1, answer: DEFAULT_ANSWER },
    { ...DEFAULT_SOURCE_SETTINGS, name: "air", createdAt: 2, answer: DEFAULT_ANSWER },
  ]);
  const earlier = createTestHub();
  await ingest(earlier.hub, newEvent({ source: "zoo", receivedAt: 77 }));
  const { hub: restarted } = createTestHub({ log: earlier.log }, [
    { ...DEFAULT_SOURCE_SETTINGS, name: "zoo", createdAt: 1, answer: DEFAULT_ANSWER },
  ]);
  assert.equal((await restarted.sources.list())[0]?.lastEventAt, 77);

  await ingest(hub, newEvent({ source: "air", receivedAt: 99 }));
  await eventually("it went by", () => hub.counters.events.hub.accepted === 1);
  const listed = await hub.sources.list();
  assert.deepEqual(
    listed.map(({ name, url, lastEventAt }) => [name, url, lastEventAt]),
    [
      ["air", "http://127.0.0.1:4800/in/air", 99],
      ["zoo", "http://127.0.0.1:4800/in/zoo", null],
    ],
  );
  assert.equal(log.events.length, 1);
});

test("a source made on first use is saved, and forgotten again when it cannot be", async () => {
  const store = createMemorySources();
  const { hub } = createTestHub({ sources: store });
  assert.ok(hub.source("one").ok);
  await eventually("it is saved", () => store.all().length === 1);

  let refusing = true;
  const moody = {
    ...store,
    save: (source: Parameters<typeof store.save>[0]) =>
      refusing ? Promise.resolve(refuse("STORE_FULL", "No space.")) : Promise.resolve(accept(source)),
  };
  const { hub: other } = createTestHub({ sources: moody, maxSources: 2 });
  assert.ok(other.source("two").ok);
  await eventually("it is forgotten", async () => (await other.sources.list()).length === 1);
  refusing = false;
  assert.ok(other.source("three").ok, "the place is free again");
});

test("a removed source is gone; what is not there cannot be removed", async () => {
  const { hub } = createTestHub();
  await hub.sources.save("shop");
  assert.ok((await hub.sources.remove("shop")).ok);
  assert.deepEqual(await hub.sources.list(), []);
  const again = await hub.sources.remove("shop");
  assert.ok(!again.ok);
  assert.equal(again.refusal.code, "SOURCE_NOT_FOUND");
});
