import assert from "node:assert/strict";
import { test } from "node:test";
import { LogFeed } from "../../main/gateways/log-feed.ts";
import { createHub, type Hub } from "../../main/hub/hub.ts";
import type { HubEvent } from "../../main/hub/ports.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { eventually } from "../support/eventually.ts";
import { createMemoryLog, createMemorySources } from "../support/memory-log.ts";

function makeHub(): Hub {
  const options = { clock: systemClock, logger: silentLogger, version: "0", dataFolder: "/nowhere", createSources: false };
  return createHub({
    ...options,
    log: createMemoryLog(),
    sources: createMemorySources(),
    maxBodyBytes: 1e6,
    maxSources: 1,
  });
}

/** Always the same, so that a failure comes again. */
function createDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8])
  test(`a follower that now and then has no room gets everything once and in order (dice ${seed})`, async () => {
    const hub = makeHub();
    const dice = createDice(seed);
    const total = 6000;
    const publish = (n: number): Promise<unknown> => hub.publish({ topic: dice(4) === 0 ? "x" : "a/b", payload: Buffer.from(String(n)) });
    for (let n = 0; n < 1500; n += 1) void publish(n);
    await turn();

    const wanted: HubEvent[] = [];
    assert.ok(hub.subscribe("a/#", (event) => wanted.push(event)).ok);
    const before = await hub.read({ after: 0, filters: ["a/#"], maxEvents: 1e6, maxBytes: 1e9 });
    assert.ok(before.ok);
    const got: number[] = [];
    let hasRoom = true;
    const feed = new LogFeed({
      hub,
      filters: ["a/#", "a/+"],
      after: 0,
      take: (event) => got.push(event.seq),
      hasRoom: () => hasRoom,
      onFault: ({ message }) => assert.fail(message),
    });
    feed.start();
    for (let n = 1500; n < total; n += 1) {
      void publish(n);
      if (dice(40) === 0) await turn();
      if (dice(60) === 0) hasRoom = !hasRoom;
      if (hasRoom && dice(10) === 0) feed.wake();
    }
    hasRoom = true;
    const expected = (): number[] => [...before.value.events, ...wanted].map(({ seq }) => seq);
    await eventually("the follower has caught up", () => {
      feed.wake();
      return hub.lastSeq() === total && got.length >= expected().length;
    });
    assert.deepEqual(got, expected());
    feed.close();
  });

test("a cursor from beyond the end, of another log, is given what comes", async () => {
  const hub = makeHub();
  await hub.publish({ topic: "a", payload: Buffer.from("1") });
  const got: number[] = [];
  const feed = new LogFeed({
    hub,
    filters: ["a"],
    after: 999,
    take: ({ seq }) => got.push(seq),
    hasRoom: () => true,
    onFault: () => undefined,
  });
  feed.start();
  await hub.publish({ topic: "a", payload: Buffer.from("2") });
  assert.deepEqual(got, [2]);
});

test("retained events wait for room, and none of what comes meanwhile is lost", async () => {
  const hub = makeHub();
  for (let n = 0; n < 10; n += 1) await hub.publish({ topic: `a/${n}`, payload: Buffer.from("x"), retain: true });
  const got: [number, boolean][] = [];
  let room = 3;
  const feed = new LogFeed({
    hub,
    filters: ["a/#"],
    after: null,
    take: ({ seq }, retained) => got.push([seq, retained]),
    hasRoom: () => room-- > 0,
    onFault: () => undefined,
  });
  feed.start();
  assert.equal(got.length, 3);
  await hub.publish({ topic: "a/new", payload: Buffer.from("y") });
  room = 1000;
  feed.wake();
  await eventually("all has come", () => got.length === 11);
  assert.deepEqual(got, [...Array.from({ length: 10 }, (_, n) => [n + 1, true] as [number, boolean]), [11, false]]);
});

test("after close nothing is given", async () => {
  const hub = makeHub();
  await hub.publish({ topic: "a", payload: Buffer.from("1") });
  const got: number[] = [];
  const feed = new LogFeed({
    hub,
    filters: ["a"],
    after: 0,
    take: ({ seq }) => got.push(seq),
    hasRoom: () => true,
    onFault: () => undefined,
  });
  feed.start();
  feed.close();
  await hub.publish({ topic: "a", payload: Buffer.from("2") });
  assert.deepEqual(got, []);
});
