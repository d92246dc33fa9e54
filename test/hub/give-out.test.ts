import assert from "node:assert/strict";
import { test } from "node:test";
import { createGiveOut } from "../../main/hub/give-out.ts";
import type { HubEvent } from "../../main/hub/ports.ts";
import { newEvent } from "../support/new-event.ts";
import { createFakeClock } from "../support/fake-clock.ts";

function events(from: number, to: number): HubEvent[] {
  return Array.from({ length: to - from }, (_, n) => ({ ...newEvent(), seq: from + n, id: String(from + n) }));
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("events that take long are given out a few at a time, in order, and what is to follow follows", async () => {
  const clock = createFakeClock();
  const given: number[] = [];
  const giveOut = createGiveOut(clock, ({ seq }) => {
    given.push(seq);
    clock.advance(2);
  });
  const ran: string[] = [];
  giveOut.push(events(1, 101));
  assert.ok(given.length >= 5 && given.length < 40, `${given.length} at once`);
  giveOut.afterwards(() => {
    ran.push(`after ${given.length}`);
    giveOut.afterwards(() => ran.push("asked for meanwhile"));
  });
  giveOut.push(events(101, 151));
  giveOut.afterwards(() => ran.push(`after ${given.length}`));
  let turns = 0;
  for (; given.length < 150; turns += 1) await nextTurn();
  assert.ok(turns > 10);
  assert.deepEqual(
    given,
    Array.from({ length: 150 }, (_, n) => n + 1),
  );
  assert.ok(ran.includes("asked for meanwhile"));
  assert.equal(ran.filter((what) => what.startsWith("after")).length, 2);
  assert.ok(Number(ran[0]!.split(" ")[1]) >= 100 && ran.at(-1) !== undefined);
  giveOut.afterwards(() => ran.push("at once"));
  assert.equal(ran.at(-1), "at once");
});

test("events that take no time are given out at once, all of them", () => {
  const given: number[] = [];
  const giveOut = createGiveOut(createFakeClock(), ({ seq }) => given.push(seq));
  giveOut.push(events(1, 5001));
  assert.equal(given.length, 5000);
});
