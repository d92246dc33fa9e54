import assert from "node:assert/strict";
import { test } from "node:test";
import { IntakePace, type IntakeLane } from "../../main/gateways/intake-pace.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const BODY = Buffer.alloc(100);

/** A peer that always has more to publish, and is read from until it is held. */
function createFlooder(pace: IntakePace, under: IntakeLane[]) {
  const flooder = {
    held: false,
    hold: () => (flooder.held = true),
    release: () => (flooder.held = false),
    read() {
      while (!flooder.held) {
        lane.began(BODY.length);
        under.push(lane);
      }
    },
  };
  const lane = pace.open(flooder);
  return flooder;
}

/** Stores what is under way at a rate, in commits of so many ms, for a time; answers how much was under way at the end. */
function run(perMs: number, commitMs: number, ms: number): number {
  const clock = createFakeClock();
  const pace = new IntakePace(clock);
  const under: IntakeLane[] = [];
  const flooders = [createFlooder(pace, under), createFlooder(pace, under)];
  let most = 0;
  for (let passed = 0; passed < ms; passed += commitMs) {
    for (const flooder of flooders) flooder.read();
    if (passed > ms / 2) most = Math.max(most, under.length);
    clock.advance(commitMs);
    for (const lane of under.splice(0, Math.max(1, Math.round(perMs * commitMs)))) lane.ended();
  }
  return most;
}

test("what waits is about what can be stored in 25 ms, be the hub fast or slow", () => {
  for (const perMs of [1, 10, 100]) {
    const most = run(perMs, 1, 3000);
    const waitMs = most / perMs;
    assert.ok(waitMs >= 10 && waitMs <= 60, `at ${perMs} a ms, ${most} events wait, which takes ${waitMs} ms`);
  }
});

test("where a commit takes long, more may wait, so that commits are large", () => {
  assert.ok(run(10, 50, 5000) >= 700);
});

test("a peer that has little under way is never held, however much others have", () => {
  const clock = createFakeClock();
  const pace = new IntakePace(clock);
  const under: IntakeLane[] = [];
  createFlooder(pace, under).read();
  assert.ok(under.length > 0);
  const modest = pace.open({ hold: () => assert.fail("it was held"), release: () => {} });
  for (let n = 0; n < 7; n += 1) modest.began(100);
});

test("a peer is held at its own bound, and read from again when half of that is gone", () => {
  const told: string[] = [];
  const lane = new IntakePace(createFakeClock()).open({ hold: () => told.push("hold"), release: () => told.push("release") }, 10);
  for (let n = 0; n < 10; n += 1) lane.began(100);
  assert.deepEqual(told, ["hold"]);
  for (let n = 0; n < 5; n += 1) lane.ended();
  assert.deepEqual(told, ["hold", "release"]);
});
