import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import { MIGRATIONS } from "../../main/store/migrate.ts";
import { appendAll, newEvent, testStores } from "../support/test-store.ts";

const many = (count: number) => Array.from({ length: count }, () => newEvent());

test("after a restart seqs go on where they ended, and the log keeps its id", async (t) => {
  const stores = testStores(t);
  const first = await stores.open();
  await appendAll(first.log, many(20));
  const { id } = first.log.status();
  await first.close();
  const second = await stores.open();
  assert.equal(second.log.status().id, id);
  assert.equal(second.log.status().firstSeq, 1);
  assert.equal(second.log.status().lastSeq, 20);
  const [next] = await appendAll(second.log, many(1));
  assert.equal(next?.seq, 21);
});

test("a seq is not given again when the newest events were deleted", async (t) => {
  const stores = testStores(t);
  const first = await stores.open();
  await appendAll(first.log, many(10));
  await first.close();
  const db = new Database(join(stores.folder, "signalbox.db"));
  db.exec("DELETE FROM events WHERE seq > 5; DELETE FROM payloads WHERE seq > 5");
  db.close();
  const second = await stores.open();
  assert.equal(second.log.status().lastSeq, 10);
  const [next] = await appendAll(second.log, many(1));
  assert.equal(next?.seq, 11);
});

test("an orderly stop leaves one whole file, without a write-ahead log", async (t) => {
  const stores = testStores(t);
  const store = await stores.open();
  await appendAll(store.log, many(10));
  await store.close();
  assert.equal(existsSync(join(stores.folder, "signalbox.db-wal")), false);
});

test("every commit is synced, on a file of Signalbox's own kind", async (t) => {
  const stores = testStores(t);
  const store = await stores.open();
  await store.close();
  const db = new Database(join(stores.folder, "signalbox.db"), { readonly: true });
  t.after(() => db.close());
  assert.equal(db.pragma("journal_mode", { simple: true }), "wal");
  assert.equal(db.pragma("application_id", { simple: true }), 0x53424f58);
  assert.equal(db.pragma("user_version", { simple: true }), MIGRATIONS.length);
  const secondary = db
    .prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('events', 'payloads', 'body_chunks')")
    .pluck();
  assert.equal(secondary.get(), 0, "the log is written in order only");
});
