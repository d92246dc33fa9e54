import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import { KEEP_EVERYTHING, type Retention } from "../../main/contract/settings.ts";
import type { EventLog } from "../../main/hub/ports.ts";
import { eventually } from "../support/eventually.ts";
import { append, appendAll, newEvent, testStores } from "../support/test-store.ts";

const keep = (bounds: Partial<Retention>) => ({ retention: { ...KEEP_EVERYTHING, ...bounds }, record: [] });
const many = (count: number, bytes = 20) =>
  Array.from({ length: count }, () => newEvent({ receivedAt: Date.now(), body: Buffer.alloc(bytes, 97), size: bytes }));

async function seqsKept(log: EventLog): Promise<number[]> {
  const page = await log.query({ after: 0, limit: 1000 });
  assert.ok(page.ok);
  return page.value.events.map(({ seq }) => seq);
}

test("everything is kept unless a bound is given, and the status says so", async (t) => {
  const { log } = await testStores(t).open();
  await appendAll(log, many(10));
  const { events, retention, firstSeq } = log.status();
  assert.deepEqual({ events, retention, firstSeq }, { events: 10, retention: KEEP_EVERYTHING, firstSeq: 1 });
});

test("by count, the newest events are kept; pinned and retained ones are kept beside them, until they are so no more", async (t) => {
  const { log } = await testStores(t).open();
  const [pinned] = await appendAll(log, many(1));
  await append(log, newEvent({ topic: "retained", retained: true }));
  await appendAll(log, many(998));
  assert.ok((await log.pin(pinned!.id, true)).ok);
  const detail = await log.get(pinned!.id);
  assert.ok(detail.ok && detail.value.pinned);
  log.keep(keep({ keepEvents: 5 }));
  await eventually("five are left", () => log.status().events === 5);
  assert.deepEqual(await seqsKept(log), [1, 2, 998, 999, 1000]);
  assert.deepEqual([log.status().firstSeq, log.status().lastSeq], [1, 1000]);
  assert.deepEqual(
    (await log.retained()).map(({ seq }) => seq),
    [2],
  );
  await append(log, newEvent({ topic: "retained", retained: true }));
  assert.deepEqual(await seqsKept(log), [1, 998, 999, 1000, 1001], "the retained event before was kept for that alone");
  assert.ok((await log.pin(pinned!.id, false)).ok);
  await append(log, newEvent());
  await eventually("the first event is gone", () => log.status().firstSeq === 998);
  assert.deepEqual(await seqsKept(log), [998, 999, 1000, 1001, 1002]);
});

test("by count, new events are kept also when there are more retained ones than may be kept", async (t) => {
  const { log } = await testStores(t).open();
  for (let n = 0; n < 8; n += 1) await append(log, newEvent({ topic: `retained/${n}`, retained: true }));
  await appendAll(log, many(100));
  log.keep(keep({ keepEvents: 6 }));
  await eventually("the oldest others are removed", () => log.status().events === 11);
  assert.deepEqual(await seqsKept(log), [1, 2, 3, 4, 5, 6, 7, 8, 106, 107, 108]);
});

test("by age, only what is younger is kept", async (t) => {
  const { log } = await testStores(t).open();
  await appendAll(
    log,
    many(600).map((event) => ({ ...event, receivedAt: Date.now() - 3_600_000 })),
  );
  await appendAll(log, many(2));
  log.keep(keep({ keepForMs: 60_000 }));
  await eventually("the oldest are removed", () => log.status().firstSeq === 601);
  assert.deepEqual(await seqsKept(log), [601, 602]);
});

test("by bytes, the file's pages are used again: it stays near the bound while far more is written", async (t) => {
  const bound = 2 * 1024 * 1024;
  const { log } = await testStores(t).open({ keeping: keep({ keepBytes: bound }) });
  for (let round = 0; round < 8; round += 1) {
    await appendAll(log, many(20, 100_000));
    // Rows go before the pages of their bodies are free: the next round may only count on what is.
    await eventually("the oldest and their bodies are removed", () => {
      const { events, fileBytes, reusableBytes } = log.status();
      return events < 40 && fileBytes > 0 && fileBytes - (reusableBytes ?? 0) <= bound;
    });
  }
  await eventually("the oldest are removed", () => log.status().events <= 20);
  const { firstSeq, lastSeq, fileBytes } = log.status();
  assert.equal(lastSeq, 160);
  assert.ok(firstSeq > 120, `the oldest are gone, the first is ${firstSeq}`);
  assert.ok(fileBytes < 4 * bound, `16 MB were written, the file has ${fileBytes} bytes`);
});

test("bodies go with their events, long ones too, and the log is sound afterwards", async (t) => {
  const stores = testStores(t);
  const store = await stores.open();
  await appendAll(store.log, many(6, 3_000_000));
  store.log.keep(keep({ keepEvents: 1 }));
  await eventually("the oldest are removed", () => store.log.status().events === 1 && store.log.status().reusableBytes > 14_000_000);
  await store.close();
  const db = new Database(join(stores.folder, "signalbox.db"), { readonly: true });
  t.after(() => db.close());
  const count = (sql: string) => db.prepare(sql).pluck().get();
  assert.equal(count("PRAGMA quick_check"), "ok");
  assert.equal(count("SELECT count(*) FROM payloads"), 1);
  assert.equal(count("SELECT count(*) FROM body_chunks WHERE id < 6 * 16384"), 0);
  assert.equal(count("SELECT count(*) FROM doomed"), 0);
  assert.equal(count("SELECT value FROM meta WHERE key = 'events'"), 1);
});

test("what is removed is taken out of the search index as well", async (t) => {
  const stores = testStores(t);
  const { log } = await stores.open();
  await appendAll(log, many(3000));
  await eventually("the oldest are removed", () => log.status().indexLag === 0);
  log.keep(keep({ keepEvents: 10 }));
  const index = new Database(join(stores.folder, "index.db"), { readonly: true });
  t.after(() => index.close());
  await eventually("the oldest are removed", () => index.prepare("SELECT count(*) FROM words_docsize").pluck().get() === 10);
  assert.equal(index.prepare("SELECT count(DISTINCT seq) FROM postings").pluck().get(), 10);
  const page = await log.query({ filter: "topic:sensors/#", limit: 100 });
  assert.ok(page.ok && page.value.events.length === 10);
});

test("events come in, and are found, while thousands are removed", async (t) => {
  const { log } = await testStores(t).open();
  await appendAll(log, many(8000));
  log.keep(keep({ keepEvents: 100 }));
  let stored = 0;
  while (log.status().firstSeq < 5000) {
    assert.ok((await append(log, newEvent())).ok);
    stored += 1;
  }
  assert.ok(stored > 3, `${stored} events were stored meanwhile`);
  await eventually("the oldest are removed", () => log.status().events === 100);
  assert.deepEqual((await seqsKept(log)).at(-1), 8000 + stored);
});

test("pins, removals and the count of events outlive a restart", async (t) => {
  const stores = testStores(t);
  const first = await stores.open();
  const events = await appendAll(first.log, many(20));
  await first.log.pin(events[3]!.id, true);
  first.log.keep(keep({ keepEvents: 4 }));
  await eventually("the oldest are removed", () => first.log.status().events === 4);
  await first.close();
  const { log } = await stores.open({ keeping: keep({ keepEvents: 1 }) });
  await eventually("the oldest are removed", () => log.status().events === 2);
  assert.deepEqual(await seqsKept(log), [4, 20]);
  assert.equal(log.status().firstSeq, 4);
});

test("pinning what is not there is refused", async (t) => {
  const { log } = await testStores(t).open();
  for (const id of ["nonsense", `${log.status().id}-5`]) {
    const done = await log.pin(id, true);
    assert.ok(!done.ok && done.refusal.code === "EVENT_NOT_FOUND");
    assert.match(done.refusal.message, /There is no event/);
  }
});
