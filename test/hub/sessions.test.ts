import assert from "node:assert/strict";
import { test } from "node:test";
import { createSessions } from "../../main/hub/sessions.ts";
import { createTopicFigures } from "../../main/hub/topic-figures.ts";
import type { HubEvent, PeerDescription } from "../../main/hub/ports.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const description: PeerDescription = {
  name: "pump",
  protocol: "mqtt",
  version: "5",
  remoteAddress: "127.0.0.1",
  key: null,
  queuedEvents: 0,
  queuedBytes: 0,
  subscriptions: Array.from({ length: 150 }, (_, index) => `a/${index}`),
  subscriptionCount: 150,
  will: null,
};

test("who is connected is listed, the newest first, until it is gone", () => {
  const sessions = createSessions(createFakeClock());
  const first = sessions.add({ describe: () => description, disconnect: () => {} });
  sessions.add({ describe: () => ({ ...description, name: "valve" }), disconnect: () => {} });
  assert.deepEqual(
    sessions.list(10).sessions.map(({ name }) => name),
    ["valve", "pump"],
  );
  assert.deepEqual(sessions.list(1).sessions.length, 1);
  assert.equal(sessions.list(1).total, 2);
  const { subscriptions, subscriptionCount } = sessions.list(1).sessions[0]!;
  assert.deepEqual([subscriptions.length, subscriptionCount], [100, 150], "a long list is cut");
  first.close();
  assert.equal(sessions.list(10).total, 1);
});

test("a session counts its events both ways, their rate, and the topics published to lately", () => {
  const clock = createFakeClock();
  const sessions = createSessions(clock);
  const entry = sessions.add({ describe: () => description, disconnect: () => {} });
  for (const topic of ["a", "b", "a", ..."cdefghij".split("")]) entry.noteReceived(topic);
  entry.noteSent();
  clock.advance(2000);
  const [info] = sessions.list(1).sessions;
  assert.deepEqual(info!.received, { count: 11, perSecond: 5.5 });
  assert.deepEqual(info!.sent, { count: 1, perSecond: 0.5 });
  assert.deepEqual(info!.topics, "jihgfedc".split(""));
  clock.advance(1000);
  assert.equal(sessions.list(1).sessions[0]!.received.perSecond, 0, "nothing came since");
});

test("a session is ended by its id, and one that is not there is refused", () => {
  const sessions = createSessions(createFakeClock());
  let ended = 0;
  sessions.add({ describe: () => description, disconnect: () => (ended += 1) });
  const { id } = sessions.list(1).sessions[0]!;
  assert.ok(sessions.disconnect(id).ok);
  assert.equal(ended, 1);
  for (const wrong of ["zz", "", "A-1", "1 "]) {
    const refused = sessions.disconnect(wrong);
    assert.ok(!refused.ok && refused.refusal.code === "SESSION_NOT_FOUND", wrong);
  }
});

test("events are counted per level of the topic tree", () => {
  const clock = createFakeClock();
  const figures = createTopicFigures(clock);
  const events = ["home/kitchen/light", "home/kitchen", "home/hall", "homes"].map((topic) => ({ topic }) as HubEvent);
  figures.note(events);
  clock.advance(2000);
  assert.deepEqual(figures.of("home"), { count: 3, perSecond: 1.5 });
  assert.deepEqual(figures.of("homes"), { count: 1, perSecond: 0.5 });
  assert.deepEqual(figures.of("home/kitchen"), { count: 2, perSecond: 1 });
  assert.deepEqual(figures.of("nothing"), { count: 0, perSecond: 0 });
});

test("a topic's rate is that of the last seconds, also when it is asked for often or seldom", () => {
  const clock = createFakeClock();
  const figures = createTopicFigures(clock);
  const event = { topic: "a" } as HubEvent;
  for (let at = 0; at < 60; at += 1) {
    figures.note([event]);
    clock.advance(1000);
    figures.of("a");
  }
  assert.deepEqual(figures.of("a"), { count: 60, perSecond: 1 });
  clock.advance(6000);
  figures.of("a");
  clock.advance(6000);
  assert.deepEqual(figures.of("a"), { count: 60, perSecond: 0 });
  figures.note([event, event, event]);
  clock.advance(6000);
  assert.equal(figures.of("a").perSecond, 0.5);
});
