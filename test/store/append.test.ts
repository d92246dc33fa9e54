import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import { append, appendAll, newEvent, testStores } from "../support/test-store.ts";

test("an event is acknowledged only when another connection can read it", async (t) => {
  const stores = testStores(t);
  const { log } = await stores.open();
  const db = new Database(join(stores.folder, "signalbox.db"), { readonly: true });
  t.after(() => db.close());
  const seen = db.prepare("SELECT count(*) FROM events WHERE seq = ?").pluck();
  const found = await Promise.all(
    Array.from(
      { length: 50 },
      () => new Promise((resolve) => log.append(newEvent(), (outcome) => resolve(outcome.ok ? seen.get(outcome.event.seq) : outcome))),
    ),
  );
  assert.deepEqual(found, Array(50).fill(1));
});

test("events get consecutive seqs in the order they were appended, and ids of their log", async (t) => {
  const { log } = await testStores(t).open();
  const events = await appendAll(
    log,
    Array.from({ length: 3000 }, (_, index) => newEvent({ topic: `t/${index % 7}`, body: Buffer.from(String(index)) })),
  );
  const { id } = log.status();
  for (const [index, event] of events.entries()) {
    assert.equal(event.seq, index + 1);
    assert.equal(event.id, `${id}-${(index + 1).toString(36)}`);
    assert.equal(Buffer.from(event.body).toString(), String(index));
  }
  assert.equal(log.status().firstSeq, 1);
  assert.equal(log.status().lastSeq, 3000);
  assert.equal(log.status().queued, 0);
});

test("what comes in while a commit runs goes together into the next", async (t) => {
  const { log } = await testStores(t).open();
  const batches: number[] = [];
  log.onCommitted((events) => batches.push(events.length));
  const first = append(log, newEvent());
  await new Promise((resolve) => setImmediate(resolve)); // The first is under way now.
  const rest = appendAll(
    log,
    Array.from({ length: 500 }, () => newEvent()),
  );
  await Promise.all([first, rest]);
  assert.deepEqual(batches, [1, 500]);
});

test("listeners hear of a batch once, in order, after everyone in it was told", async (t) => {
  const { log } = await testStores(t).open();
  const told: string[] = [];
  const stop = log.onCommitted((events) => told.push(`batch ${events.map(({ seq }) => seq).join()}`));
  await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise<void>((resolve) =>
          log.append(newEvent(), (outcome) => {
            told.push(outcome.ok ? `done ${outcome.event.seq}` : outcome.refusal.code);
            resolve();
          }),
        ),
    ),
  );
  stop();
  await append(log, newEvent());
  assert.deepEqual(told, ["done 1", "done 2", "done 3", "batch 1,2,3"]);
});

test("more than may wait is refused at once with HUB_BUSY, and what waits is still stored", async (t) => {
  const { log } = await testStores(t).open({ maxQueuedEvents: 10 });
  const outcomes = await Promise.all(Array.from({ length: 25 }, () => append(log, newEvent())));
  assert.equal(outcomes.filter((outcome) => outcome.ok).length, 10);
  for (const outcome of outcomes.slice(10)) assert.ok(!outcome.ok && outcome.refusal.code === "HUB_BUSY");
  assert.equal(log.status().lastSeq, 10);
  assert.ok((await append(log, newEvent())).ok, "it takes events again");
});

test("bytes that wait are bounded too, but one large event alone is taken", async (t) => {
  const { log } = await testStores(t).open({ maxQueuedBytes: 100_000 });
  const large = newEvent({ body: Buffer.alloc(200_000) });
  const [first, second] = await Promise.all([append(log, large), append(log, large)]);
  assert.ok(first.ok);
  assert.ok(!second.ok && second.refusal.code === "HUB_BUSY");
});

test("closing stores what waits, and refuses what comes after with HUB_STOPPING", async (t) => {
  const stores = testStores(t);
  const store = await stores.open();
  const { log } = store;
  const waiting = appendAll(
    log,
    Array.from({ length: 100 }, () => newEvent()),
  );
  const closed = store.close();
  const late = await append(log, newEvent());
  assert.ok(!late.ok && late.refusal.code === "HUB_STOPPING");
  assert.equal((await waiting).length, 100);
  await closed;
  assert.equal(log.status().state, "closed");
  const again = await stores.open();
  assert.equal(again.log.status().lastSeq, 100);
});

test("a batch larger than one commit takes is stored in order all the same", async (t) => {
  const { log } = await testStores(t).open();
  const bodies = Array.from({ length: 12 }, (_, index) => Buffer.alloc(1024 * 1024, index));
  const events = await appendAll(
    log,
    bodies.map((body) => newEvent({ body })),
  );
  assert.deepEqual(
    events.map(({ seq }) => seq),
    bodies.map((_, index) => index + 1),
  );
});
