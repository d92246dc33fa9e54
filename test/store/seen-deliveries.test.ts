import assert from "node:assert/strict";
import { test } from "node:test";
import Database from "better-sqlite3";
import type { DeliveryId, NewEvent } from "../../main/hub/ports.ts";
import { migrate } from "../../main/store/migrate.ts";
import { createBatchPacker } from "../../main/store/packed-batch.ts";
import { createSeenDeliveries } from "../../main/store/seen-deliveries.ts";
import { append, newEvent, newHead, testStores } from "../support/test-store.ts";

const WEEK_MS = 7 * 86_400_000;

function delivery(id: string, change: Partial<DeliveryId> = {}): DeliveryId {
  return { id, withBody: false, windowMs: WEEK_MS, statusIfSeen: 200, ...change };
}

function webhook(id: string, change: Partial<NewEvent> = {}): NewEvent {
  return newEvent({
    protocol: "webhook",
    source: "shop",
    topic: "webhooks/shop/order",
    receivedAt: Date.now(),
    delivery: delivery(id),
    head: newHead(),
    ...change,
  });
}

test("of equal deliveries in one commit the first is accepted and the others are its duplicates", async (t) => {
  const { log } = await testStores(t).open();
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => append(log, webhook("one"))));
  const events = outcomes.map((outcome) => (outcome.ok ? outcome.event : assert.fail(outcome.refusal.message)));
  assert.deepEqual(
    events.map(({ state, duplicateOfSeq }) => [state, duplicateOfSeq]),
    events.map((_, index) => (index === 0 ? ["accepted", null] : ["duplicate", 1])),
  );
  const page = await log.query({ filter: "state:duplicate", limit: 1 });
  assert.ok(page.ok);
  assert.equal(page.value.events[0]?.duplicateOf, events[0]?.id);
});

test("a delivery is known again after a restart, by its source and id, and after its window is not", async (t) => {
  const stores = testStores(t);
  const first = await stores.open();
  const at = Date.now();
  await append(first.log, webhook("one", { receivedAt: at }));
  await first.close();
  const { log } = await stores.open();
  const stateOf = async (event: NewEvent): Promise<unknown> => {
    const outcome = await append(log, event);
    return outcome.ok && [outcome.event.state, outcome.event.duplicateOfSeq, outcome.event.head?.status];
  };
  assert.deepEqual(await stateOf(webhook("one", { receivedAt: at + WEEK_MS - 1, delivery: delivery("one", { statusIfSeen: 204 }) })), [
    "duplicate",
    1,
    204,
  ]);
  assert.deepEqual(await stateOf(webhook("two", { receivedAt: at })), ["accepted", null, 200]);
  assert.deepEqual(await stateOf(webhook("one", { source: "zoo", receivedAt: at })), ["accepted", null, 200]);
  assert.deepEqual(await stateOf(webhook("one", { receivedAt: at + 5000, delivery: delivery("one", { windowMs: 5000 }) })), [
    "accepted",
    null,
    200,
  ]);
  const page = await log.query({ after: 0 });
  assert.ok(page.ok);
  assert.deepEqual(
    page.value.events.map(({ status, state }) => [status, state]),
    [
      [200, "accepted"],
      [204, "duplicate"],
      [200, "accepted"],
      [200, "accepted"],
      [200, "accepted"],
    ],
  );
});

test("where the body counts, another body under the same id is another delivery", async (t) => {
  const { log } = await testStores(t).open();
  const withBody = (text: string): NewEvent => webhook("one", { body: Buffer.from(text), delivery: delivery("one", { withBody: true }) });
  const states: unknown[] = [];
  for (const event of [withBody("a"), withBody("b"), withBody("a"), webhook("one", { body: Buffer.from("a") })]) {
    const outcome = await append(log, event);
    states.push(outcome.ok && outcome.event.state);
  }
  assert.deepEqual(states, ["accepted", "accepted", "duplicate", "accepted"]);
});

test("a duplicate is not among what followers of the log read", async (t) => {
  const { log } = await testStores(t).open();
  await append(log, webhook("one"));
  await append(log, webhook("one"));
  const slice = await log.read({ after: 0, filters: ["webhooks/#"], maxEvents: 10, maxBytes: 1e6 });
  assert.ok(slice.ok);
  assert.deepEqual(
    slice.value.events.map(({ seq }) => seq),
    [1],
  );
});

test("what has been seen is forgotten when its window is over, and beyond the bound the oldest first", (t) => {
  const db = new Database(":memory:");
  t.after(() => db.close());
  migrate(db);
  const seen = createSeenDeliveries(db, 3);
  const packer = createBatchPacker({ of: () => "all" });
  let seq = 0;
  const settle = (id: string, receivedAt: number): number => {
    seq += 1;
    const found = seen.settle(packer.pack([webhook(id, { receivedAt })]), seq);
    seen.keep();
    return found.length;
  };
  const now = 1_700_000_000_000;
  for (const [index, id] of ["a", "b", "c", "d"].entries()) assert.equal(settle(id, now + index), 0);
  assert.ok(seen.isOver(now), "there is one too many");
  assert.equal(seen.prune(now), false);
  seen.keep();
  assert.equal(seen.isOver(now), false);
  assert.equal(settle("b", now + 10), 1, "the newest three are known");
  assert.equal(settle("a", now + 10), 0, "the oldest is not");
  const rows = db.prepare<[], number>("SELECT count(*) FROM seen_deliveries").pluck();
  assert.ok(seen.isOver(now + WEEK_MS + 20));
  seen.prune(now + WEEK_MS + 20);
  seen.keep();
  assert.equal(rows.get(), 0);
});

test("what a commit that failed had written down is not known", (t) => {
  const db = new Database(":memory:");
  t.after(() => db.close());
  migrate(db);
  const seen = createSeenDeliveries(db);
  const packer = createBatchPacker({ of: () => "all" });
  const settle = (first: number, ...ids: string[]) =>
    seen.settle(packer.pack(ids.map((id) => webhook(id))), first).map(({ index, seq }) => [index, seq]);
  db.exec("BEGIN");
  assert.deepEqual(settle(1, "a", "a"), [[1, 1]]);
  db.exec("ROLLBACK");
  seen.forget();
  db.exec("BEGIN");
  assert.deepEqual(settle(1, "a"), []);
  db.exec("COMMIT");
  seen.keep();
  assert.deepEqual(settle(2, "b", "a"), [[1, 1]]);
});
