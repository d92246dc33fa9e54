import assert from "node:assert/strict";
import { test } from "node:test";
import type { AppendOutcome, HubEvent } from "../../main/hub/ports.ts";
import { createGroupCommit } from "../../main/store/group-commit.ts";
import type { PackedBatch } from "../../main/store/packed-batch.ts";
import { newEvent } from "../support/test-store.ts";

/** A group commit whose writer is the test. */
function setUp() {
  const sent: PackedBatch[] = [];
  const published: HubEvent[][] = [];
  const durable: [number, number][] = [];
  const commit = createGroupCommit({
    logId: "log",
    policies: { of: () => "all" },
    maxQueuedEvents: 10_000,
    maxQueuedBytes: 100_000_000,
    send: (batch) => sent.push(batch),
    state: { wanted: () => false, take: () => [], committed: () => undefined, notCommitted: () => undefined },
    onDurable: (first, last) => durable.push([first, last]),
    onCommitted: (events) => published.push([...events]),
  });
  const outcomes: AppendOutcome[] = [];
  const append = (count: number): void => {
    for (let n = 0; n < count; n += 1) commit.append(newEvent(), (outcome) => outcomes.push(outcome));
  };
  return { commit, sent, published, durable, outcomes, append, turn: () => new Promise((resolve) => setImmediate(resolve)) };
}

test("all that one turn of the loop brings goes into one batch, and the next waits for its commit", async () => {
  const { commit, sent, append, turn } = setUp();
  append(3);
  assert.equal(sent.length, 0);
  await turn();
  assert.deepEqual(
    sent.map(({ count }) => count),
    [3],
  );
  append(2);
  await turn();
  assert.equal(sent.length, 1, "one batch is under way at a time");
  commit.committed(1, [], sent[0]!);
  assert.deepEqual(
    sent.map(({ count }) => count),
    [3, 2],
  );
});

test("a batch that is refused is told to its own events only; the next is tried normally", async () => {
  const { commit, sent, outcomes, published, append, turn } = setUp();
  append(2);
  await turn();
  append(1);
  commit.notCommitted({ code: "STORE_FULL", message: "full" }, sent[0]!);
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.refusal.code)),
    ["STORE_FULL", "STORE_FULL"],
  );
  commit.committed(1, [], sent[1]!);
  assert.equal(outcomes.length, 3);
  assert.ok(outcomes[2]!.ok && outcomes[2]!.event.id === "log-1");
  assert.deepEqual(
    published.map((events) => events.length),
    [1],
  );
  assert.equal(commit.queued(), 0);
});

test("one batch is bounded, and nothing is left out or told twice", async () => {
  const { commit, sent, outcomes, durable, append, turn } = setUp();
  append(5000);
  await turn();
  let next = 1;
  for (let n = 0; n < sent.length; n += 1) {
    const { count } = sent[n]!;
    commit.committed(next, [], sent[n]!);
    next += count;
  }
  assert.ok(sent.length > 1 && sent.every(({ count }) => count <= 2048));
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.ok ? outcome.event.seq : 0)),
    Array.from({ length: 5000 }, (_, index) => index + 1),
  );
  assert.equal(durable.at(-1)?.[1], 5000);
});

test("refusing from now on spares what waits already", async () => {
  const { commit, sent, outcomes, append, turn } = setUp();
  append(1);
  commit.refuseWith({ code: "HUB_STOPPING", message: "stopping" });
  append(1);
  await turn();
  const idle = commit.idle();
  commit.committed(1, [], sent[0]!);
  await idle;
  assert.deepEqual(outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.refusal.code)).toSorted(), ["HUB_STOPPING", "ok"]);
  await commit.idle();
});

test("a listener that throws keeps no other from being told, and its error is not lost", async (t) => {
  const { commit, sent, outcomes, append, turn } = setUp();
  const thrown: unknown[] = [];
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => thrown.push(error));
  t.after(() => {
    process.removeAllListeners("uncaughtException");
    for (const listener of listeners) process.on("uncaughtException", listener);
  });
  commit.append(newEvent(), () => {
    throw new Error("a bug in a listener");
  });
  append(1);
  await turn();
  commit.committed(1, [], sent[0]!);
  await turn();
  await turn();
  assert.equal(outcomes.length, 1);
  assert.deepEqual(thrown.map(String), ["Error: a bug in a listener"]);
});
