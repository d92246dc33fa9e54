import assert from "node:assert/strict";
import { test } from "node:test";
import { createSessions } from "../../main/hub/sessions.ts";
import { createTopicFigures } from "../../main/hub/topic-figures.ts";
import type { HubEvent, PeerDescription, RegisteredPeer } from "../../main/hub/ports.ts";
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

const eventOn = (topic: string): HubEvent => ({ topic, seq: 1 }) as HubEvent;

test("who is connected is listed, the newest first, until it is gone", () => {
  const sessions = createSessions({ clock: createFakeClock(), lastSeq: () => 0 });
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
  const sessions = createSessions({ clock, lastSeq: () => 0 });
  const entry = sessions.add({ describe: () => description, disconnect: () => {} });
  for (const topic of ["a", "b", "a", ..."cdefghij".split("")]) entry.noteReceived(eventOn(topic));
  entry.noteSent(eventOn("a"));
  clock.advance(2000);
  const [info] = sessions.list(1).sessions;
  assert.deepEqual(info!.received, { count: 11, perSecond: 5.5 });
  assert.deepEqual(info!.sent, { count: 1, perSecond: 0.5 });
  assert.deepEqual(info!.topics, "jihgfedc".split(""));
  clock.advance(1000);
  assert.equal(sessions.list(1).sessions[0]!.received.perSecond, 0, "nothing came since");
});

test("a session is ended by its id, and one that is not there is refused", () => {
  const sessions = createSessions({ clock: createFakeClock(), lastSeq: () => 0 });
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

const peerNamed = (name: string, change: () => Partial<PeerDescription> = () => ({})): RegisteredPeer => ({
  describe: () => ({ ...description, name, ...change() }),
  disconnect: () => {},
});

test("a follower is told of everybody in parts, then of who changed and who is gone, and of nobody else", () => {
  const clock = createFakeClock();
  const sessions = createSessions({ clock, lastSeq: () => 0 });
  const entries = Array.from({ length: 5 }, (_, at) => sessions.add(peerNamed(`peer${at}`)));
  const follower = sessions.createFollower();
  const next = (limit = 3) => {
    const { changed, gone, total } = follower.next(limit);
    return [changed.map(({ name }) => name), gone, total];
  };
  assert.deepEqual(next(), [["peer0", "peer1", "peer2"], [], 5]);
  assert.deepEqual(next(), [["peer3", "peer4"], [], 5]);
  assert.deepEqual(next(), [[], [], 5]);
  entries[1]!.noteReceived(eventOn("a"));
  entries[3]!.close();
  clock.advance(1000);
  assert.deepEqual(next(), [["peer1"], ["4"], 4]);
  clock.advance(1000);
  assert.deepEqual(next(), [["peer1"], [], 4], "its rate has gone back to nothing");
  clock.advance(1000);
  assert.deepEqual(next(), [[], [], 4]);
});

test("where more changes than a follower takes at once, each has its turn", () => {
  const clock = createFakeClock();
  const sessions = createSessions({ clock, lastSeq: () => 0 });
  const entries = Array.from({ length: 5 }, (_, at) => sessions.add(peerNamed(`peer${at}`)));
  const follower = sessions.createFollower();
  follower.next(10);
  const told = new Set<string>();
  for (let second = 0; second < 3; second += 1) {
    for (const entry of entries) entry.noteSent(eventOn("a"));
    clock.advance(1000);
    for (const { name } of follower.next(2).changed) told.add(name);
  }
  assert.equal(told.size, 5);
});

test("what changes in a session without events is found by and by, however many there are", () => {
  const clock = createFakeClock();
  const sessions = createSessions({ clock, lastSeq: () => 0 });
  let queuedBytes = 0;
  for (let at = 0; at < 1200; at += 1) sessions.add(peerNamed(`peer${at}`, () => (at === 700 ? { queuedBytes } : {})));
  const follower = sessions.createFollower();
  const everyone = () => {
    clock.advance(1000);
    return follower.next(2000).changed.map(({ name }) => name);
  };
  for (let second = 0; second < 4; second += 1) everyone();
  queuedBytes = 77;
  assert.deepEqual([...everyone(), ...everyone(), ...everyone()], ["peer700"]);
});

test("who came, went and was turned away is remembered with the reason, the newest 500 of them", async () => {
  const clock = createFakeClock();
  const sessions = createSessions({ clock, lastSeq: () => 42 });
  const heard: string[] = [];
  const stop = sessions.history.onEvent(({ kind, name, reason }) => heard.push(`${kind} ${name} ${reason}`));
  const entry = sessions.add(peerNamed("pump"));
  await Promise.resolve();
  entry.close("it said goodbye");
  entry.close("it is closed already");
  sessions.add(peerNamed("brief")).close();
  sessions.add({ ...peerNamed("away"), awaySince: 5 }).close();
  assert.deepEqual(heard, ["connected pump null", "disconnected pump it said goodbye", "connected brief null", "disconnected brief null"]);
  const [first] = sessions.history.recent();
  assert.deepEqual(first, {
    number: 1,
    kind: "connected",
    at: clock.now(),
    afterSeq: 42,
    session: "1",
    name: "pump",
    protocol: "mqtt",
    version: "5",
    remoteAddress: "127.0.0.1",
    key: null,
    code: null,
    reason: null,
    count: 1,
  });
  for (let at = 0; at < 600; at += 1) sessions.add(peerNamed(`p${at}`)).close();
  const recent = sessions.history.recent();
  assert.deepEqual([recent.length, recent.at(-1)!.number], [500, 1204]);
  assert.deepEqual(
    sessions.history.recent(1203).map(({ number }) => number),
    [1203, 1204],
  );
  stop();
});

test("somebody who is turned away again and again is one entry that counts", () => {
  const clock = createFakeClock();
  const sessions = createSessions({ clock, lastSeq: () => 0 });
  const stranger = { name: "10.0.0.9", protocol: "websocket", version: null, remoteAddress: "10.0.0.9" } as const;
  const refusal = { code: "KEY_INVALID", message: "This key is unknown." } as const;
  for (let at = 0; at < 5; at += 1) sessions.noteRefused(stranger, refusal);
  sessions.noteRefused({ ...stranger, remoteAddress: "10.0.0.8" }, refusal);
  clock.advance(60_000);
  sessions.noteRefused(stranger, refusal);
  assert.deepEqual(
    sessions.history.recent().map(({ kind, count, remoteAddress, reason }) => [kind, count, remoteAddress, reason]),
    [
      ["refused", 5, "10.0.0.9", "This key is unknown."],
      ["refused", 1, "10.0.0.8", "This key is unknown."],
      ["refused", 1, "10.0.0.9", "This key is unknown."],
    ],
  );
});

test("who watches a session sees what goes both ways, until it is gone or they stop", () => {
  const sessions = createSessions({ clock: createFakeClock(), lastSeq: () => 0 });
  const entry = sessions.add(peerNamed("pump"));
  const seen: string[] = [];
  const watcher = (name: string) => ({
    onEvent: (direction: string, { topic }: HubEvent) => void seen.push(`${name} ${direction} ${topic}`),
    onGone: () => void seen.push(`${name} gone`),
  });
  assert.ok(sessions.watch("1", watcher("a")).ok);
  const second = sessions.watch("1", watcher("b"));
  assert.ok(second.ok);
  entry.noteReceived(eventOn("x"));
  second.value();
  entry.noteSent(eventOn("y"));
  entry.close();
  entry.noteSent(eventOn("z"));
  assert.deepEqual(seen, ["a in x", "b in x", "a out y", "a gone"]);
  const refused = sessions.watch("1", watcher("c"));
  assert.ok(!refused.ok && refused.refusal.code === "SESSION_NOT_FOUND");
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
