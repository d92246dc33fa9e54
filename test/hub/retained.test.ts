import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesTopic, topicFilterFault } from "../../main/contract/topic.ts";
import { createRetained, type Retained } from "../../main/hub/retained.ts";
import type { HubEvent } from "../../main/hub/ports.ts";
import { newEvent } from "../support/new-event.ts";
import { createSeededRandom } from "../support/seeded-random.ts";
import { createTestHub } from "../support/test-hub.ts";

let seq = 0;
function event(topic: string, text = "x"): HubEvent {
  seq += 1;
  return { ...newEvent({ topic, body: Buffer.from(text), retained: true }), seq, id: String(seq) };
}

function topicsOf(retained: Retained, filter: string): string[] {
  return [...retained.match(filter)].flatMap((found) => (found === null ? [] : [found.topic])).toSorted();
}

test("a filter finds the retained events that it matches, and no others", () => {
  const random = createSeededRandom(7);
  const retained = createRetained();
  const there = new Set<string>();
  const levels = ["a", "b", "", "$x", "c"];
  const anyTopic = (): string => Array.from({ length: 1 + random.below(4) }, () => random.pick(levels)).join("/") || "a";
  for (let n = 0; n < 400; n += 1) {
    const topic = anyTopic();
    const cleared = random.chance(0.3);
    retained.keep(event(topic, cleared ? "" : "x"));
    if (cleared) there.delete(topic);
    else there.add(topic);
  }
  assert.equal(retained.count(), there.size);
  for (let n = 0; n < 400; n += 1) {
    const filter = Array.from({ length: 1 + random.below(4) }, () => random.pick([...levels, "+", "#"])).join("/");
    if (topicFilterFault(filter) !== null) continue;
    assert.deepEqual(topicsOf(retained, filter), [...there].filter((topic) => matchesTopic(filter, topic)).toSorted(), filter);
  }
});

test("a look through very many topics stops now and then, also where it finds nothing", () => {
  const retained = createRetained();
  for (let n = 0; n < 5000; n += 1) retained.keep(event(`a/${n}/b`));
  const found = [...retained.match("+/+/nothing")];
  assert.ok(found.length >= 2 && found.every((one) => one === null));
});

test("topics and bytes are bounded; what replaces an event needs no new room, and what is cleared gives it back", () => {
  const retained = createRetained({ maxTopics: 2, maxBytes: 10_000 });
  assert.ok(retained.keep(event("a")) && retained.keep(event("b")));
  assert.equal(retained.keep(event("c")), false);
  assert.ok(retained.keep(event("a", "new")));
  assert.equal(retained.keep(event("a", "x".repeat(10_000))), false);
  const before = retained.bytes();
  retained.keep(event("a", ""));
  assert.ok(retained.bytes() < before);
  assert.ok(retained.keep(event("c")));
  assert.deepEqual(topicsOf(retained, "#"), ["b", "c"]);
});

test("a kept event holds memory of its own, and not the piece of memory it was read into", () => {
  const retained = createRetained();
  const large = Buffer.alloc(1_000_000, "x");
  retained.keep({ ...event("a"), body: large.subarray(10, 13) });
  const [kept] = retained.match("a");
  assert.equal(Buffer.from(kept!.body).toString(), "xxx");
  assert.equal(kept!.body.buffer.byteLength, 3);
});

test("a retained event beyond the bound is refused before it is stored, in one burst too; others are taken", async () => {
  const { hub, log } = createTestHub({ retained: { maxTopics: 3, maxBytes: 1_000_000 } });
  const publish = (topic: string, payload: string, retain = true) => hub.publish({ topic, payload: Buffer.from(payload), retain });
  const burst = await Promise.all(Array.from({ length: 10 }, (_, n) => publish(`t/${n}`, "x")));
  assert.equal(burst.filter(({ ok }) => ok).length, 3);
  const refused = burst.find((one) => !one.ok);
  assert.ok(refused?.ok === false && refused.refusal.code === "RETAINED_LIMIT");
  assert.equal(log.events.length, 3);
  assert.ok((await publish("t/0", "newer")).ok);
  assert.ok((await publish("t/7", "passing", false)).ok);
  assert.ok((await publish("t/0", "")).ok, "clearing is always possible");
  assert.ok((await publish("t/8", "there is room again")).ok);
});

test("room that was kept for an event that could not be stored is given back", async () => {
  const { hub, log } = createTestHub({ retained: { maxTopics: 1, maxBytes: 1_000_000 } });
  log.refuseWith({ code: "STORE_FULL", message: "The disk is full." });
  const failed = await hub.publish({ topic: "a", payload: Buffer.from("x"), retain: true });
  assert.ok(!failed.ok && failed.refusal.code === "STORE_FULL");
  log.refuseWith(null);
  assert.ok((await hub.publish({ topic: "b", payload: Buffer.from("x"), retain: true })).ok);
});
