import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import type { HubEvent } from "../../main/hub/ports.ts";
import { eventually } from "../support/eventually.ts";
import { generateEvents } from "../support/generated-events.ts";
import { overwrite } from "../support/overwrite.ts";
import { assertFinds } from "../support/query-oracle.ts";
import { createSeededRandom } from "../support/seeded-random.ts";
import { appendAll, testStores, type TestStores } from "../support/test-store.ts";

const FILTERS = ["topic:sensors/#", "source:github alpha", "verdict:failed", "gamma", "alph*", "status:>=400 beta"];

/** A store with an index that knows everything; closed. */
async function indexedStore(stores: TestStores): Promise<HubEvent[]> {
  const store = await stores.open();
  const { log } = store;
  const events = await appendAll(log, generateEvents(createSeededRandom(7), 800));
  await eventually("the index has caught up", () => log.status().indexLag === 0);
  await store.close();
  return events;
}

async function assertWorks(stores: TestStores, events: readonly HubEvent[]): Promise<void> {
  const { log } = await stores.open();
  for (const filter of FILTERS) await assertFinds(log, events, filter, 50);
  await eventually("the index has caught up", () => log.status().indexLag === 0);
  for (const filter of FILTERS) await assertFinds(log, events, filter, 50);
  assert.equal(log.status().state, "open");
}

test("an index that is kept needs no making at the next start", async (t) => {
  const stores = testStores(t);
  await indexedStore(stores);
  const db = new Database(join(stores.folder, "index.db"));
  db.exec("UPDATE state SET checked_at = 12345");
  db.close();
  const store = await stores.open();
  const { log } = store;
  await eventually("the index is open", () => log.status().indexLag === 0);
  await store.close();
  const after = new Database(join(stores.folder, "index.db"), { readonly: true });
  assert.equal(after.prepare("SELECT checked_at FROM state").pluck().get(), 12_345);
  after.close();
});

test("an index that was deleted is made again from the log", async (t) => {
  const stores = testStores(t);
  const events = await indexedStore(stores);
  for (const suffix of ["", "-wal", "-shm"]) rmSync(join(stores.folder, `index.db${suffix}`), { force: true });
  await assertWorks(stores, events);
  assert.ok(existsSync(join(stores.folder, "index.db")));
});

test("an index file that is no database is replaced", async (t) => {
  const stores = testStores(t);
  const events = await indexedStore(stores);
  writeFileSync(join(stores.folder, "index.db"), "not an index ".repeat(1000));
  await assertWorks(stores, events);
});

test("another log's index is replaced, and so is one that knows of more than the log has", async (t) => {
  for (const change of ["UPDATE state SET log_id = 'another'", "UPDATE state SET indexed_seq = 999999", "PRAGMA user_version = 77"]) {
    const stores = testStores(t);
    const events = await indexedStore(stores);
    const db = new Database(join(stores.folder, "index.db"));
    db.exec(change);
    db.close();
    await assertWorks(stores, events);
  }
});

test("an index that proves damaged while it is used is made anew, and questions are answered meanwhile", async (t) => {
  const stores = testStores(t);
  const events = await indexedStore(stores);
  const db = new Database(join(stores.folder, "index.db"));
  const { root } = db.prepare("SELECT rootpage AS root FROM sqlite_schema WHERE name = 'postings'").get() as { root: number };
  const pageSize = Number(db.pragma("page_size", { simple: true }));
  db.close();
  overwrite(join(stores.folder, "index.db"), (root - 1) * pageSize, pageSize);
  await assertWorks(stores, events);
  assert.ok(stores.logger.lines.some(({ message }) => message.includes("index is damaged and is made anew")));
});

test("a log whose newest events were deleted is not waited for", async (t) => {
  const stores = testStores(t);
  const store = await stores.open();
  const { log } = store;
  await appendAll(log, generateEvents(createSeededRandom(7), 100));
  await store.close();
  for (const suffix of ["", "-wal", "-shm"]) rmSync(join(stores.folder, `index.db${suffix}`), { force: true });
  const db = new Database(join(stores.folder, "signalbox.db"));
  db.exec("DELETE FROM events WHERE seq > 90; DELETE FROM payloads WHERE seq > 90");
  db.close();
  const again = await stores.open();
  await eventually("the index has caught up", () => again.log.status().indexLag === 0);
});
