import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Database from "better-sqlite3";
import { RefusalError } from "../../main/contract/errors.ts";
import { DEFAULT_ANSWER, DEFAULT_SOURCE_SETTINGS } from "../../main/contract/source.ts";
import type { HubEvent } from "../../main/hub/ports.ts";
import { salvage } from "../../main/store/salvage.ts";
import { eventually } from "../support/eventually.ts";
import { filePrints } from "../support/file-prints.ts";
import { overwrite } from "../support/overwrite.ts";
import { append, appendAll, newEvent, newHead, testStores, type TestStores } from "../support/test-store.ts";

const PAGE_BYTES = 4096;
const SPOIL = `
  import { overwrite } from ${JSON.stringify(new URL("../support/overwrite.ts", import.meta.url).href)};
  const [path, offset, length] = process.argv.slice(1);
  overwrite(path, Number(offset), Number(length));`;
const NOW = Date.UTC(2026, 0, 31, 8);
const QUIETLY = { now: NOW, force: false, onProgress: () => {} };

/** A closed log of 600 events, some with long bodies. */
async function filledStore(stores: TestStores): Promise<HubEvent[]> {
  const store = await stores.open();
  const { log, sources } = store;
  await sources.save({ ...DEFAULT_SOURCE_SETTINGS, name: "shop", createdAt: 1, answer: DEFAULT_ANSWER });
  const events = await appendAll(
    log,
    Array.from({ length: 600 }, (_, index) =>
      newEvent({ topic: `t/${index % 9}`, source: "shop", head: newHead(), body: Buffer.alloc(index % 100 === 50 ? 200_000 : 300, index) }),
    ),
  );
  await store.close();
  return events;
}

/** Spoils one page in the middle of a table. */
function damage(folder: string, table: "events" | "payloads" | "state"): void {
  const path = join(folder, "signalbox.db");
  const db = new Database(path, { readonly: true });
  const pages = db.prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path").pluck().all(table) as number[];
  db.close();
  for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix, { force: true }); // Which a reader leaves behind.
  overwrite(path, (pages[Math.floor(pages.length / 2)]! - 1) * PAGE_BYTES, PAGE_BYTES);
}

for (const table of ["events", "payloads"] as const)
  test(`a damaged page of ${table} is found at the start, and what can be saved is told, without a byte being changed`, async (t) => {
    const stores = testStores(t);
    await filledStore(stores);
    damage(stores.folder, table);
    const before = filePrints(stores.folder);
    const refusal = await stores.open().then(
      () => null,
      (error: unknown) => error,
    );
    assert.ok(refusal instanceof RefusalError);
    assert.equal(refusal.code, "STORE_DAMAGED");
    assert.match(
      refusal.message,
      /is damaged: \d+ of 600 events can still be read, the first unreadable one at position \d+.*"signalbox salvage"/,
    );
    const { readable, unreadable } = refusal.details as { readable: number; unreadable: number };
    assert.equal(readable + unreadable, 600);
    assert.ok(unreadable > 0 && readable > 400, `${readable} can be read`);
    assert.deepEqual(filePrints(stores.folder), before);
  });

test("a log in a folder with an unusual name is checked like any other", async (t) => {
  const stores = testStores(t);
  const folder = join(stores.folder, "50% of #1? \u00fc");
  const first = await stores.open({ folder });
  await appendAll(first.log, [newEvent()]);
  await first.close();
  const second = await stores.open({ folder });
  assert.equal(second.log.status().lastSeq, 1);
});

test("salvage saves every readable event with its id, keeps the damaged file, and the hub starts again", async (t) => {
  const stores = testStores(t);
  const events = await filledStore(stores);
  damage(stores.folder, "payloads");
  const spoilt = readFileSync(join(stores.folder, "signalbox.db"));
  const progress: number[] = [];
  const report = salvage(stores.folder, {
    now: NOW,
    force: false,
    onProgress({ done, total }) {
      assert.equal(total, 600);
      progress.push(done);
    },
  });
  assert.ok(report.kept !== null && !report.sound);
  assert.equal(report.kept, join(stores.folder, "signalbox.db.damaged-2026-01-31T08-00-00"));
  assert.ok(readFileSync(report.kept).equals(spoilt), "the damaged file is as it was");
  assert.equal(report.saved + report.lost, 600);
  assert.ok(report.lost > 0 && report.saved > 400);
  assert.equal(progress.at(-1), 600);

  const { log, sources } = await stores.open();
  assert.equal(log.status().state, "open");
  assert.equal(log.status().lastSeq, 600);
  let saved = 0;
  for (const event of events) {
    const detail = await log.get(event.id);
    if (!detail.ok) {
      assert.ok(event.seq >= report.firstLost! && event.seq <= report.lastLost!);
      continue;
    }
    saved += 1;
    assert.equal(detail.value.topic, event.topic);
    assert.equal(detail.value.source, "shop");
    assert.equal(detail.value.storedBytes, event.body.length);
  }
  assert.equal(saved, report.saved);
  assert.deepEqual(
    sources.all().map(({ name }) => name),
    ["shop"],
  );
  const [next] = await appendAll(log, [newEvent()]);
  assert.equal(next?.seq, 601, "no seq is given again");
});

test("salvage saves what parts of the hub keep by name, around what cannot be read", async (t) => {
  const stores = testStores(t);
  await filledStore(stores);
  const db = new Database(join(stores.folder, "signalbox.db"));
  const put = db.prepare("INSERT INTO state (key, value) VALUES (?, ?)");
  const rows = Array.from({ length: 2000 }, (_, index): [string, Buffer] => [
    `${["bridge", "mqtt/session", "settings"][index % 3]}/${index}`,
    Buffer.alloc(100, index),
  ]);
  db.transaction(() => rows.forEach((row) => put.run(...row)))();
  db.prepare("INSERT INTO newest (topic_id, seq) VALUES (1, 600), (2, 9999)").run();
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.close();
  damage(stores.folder, "state");
  const report = salvage(stores.folder, QUIETLY);
  assert.ok(report.kept !== null && report.lost === 0);
  const saved = new Database(join(stores.folder, "signalbox.db"), { readonly: true });
  t.after(() => saved.close());
  const state = new Map(saved.prepare<[], [string, Buffer]>("SELECT key, value FROM state").raw().all());
  const wanted = new Map(rows);
  for (const [key, value] of state) assert.ok(wanted.get(key)?.equals(value), key);
  const rowsOfAPage = Math.floor(PAGE_BYTES / 110);
  assert.ok(state.size < rows.length && state.size >= rows.length - rowsOfAPage, `${state.size} are saved`);
  assert.deepEqual(saved.prepare("SELECT topic_id, seq FROM newest").raw().all(), [[1, 600]], "a mark whose event is not there is none");
});

test("salvage of a log that was killed takes in what only the write-ahead log holds", async (t) => {
  const stores = testStores(t);
  await filledStore(stores);
  const db = new Database(join(stores.folder, "signalbox.db"));
  db.exec("PRAGMA wal_autocheckpoint = 0; UPDATE meta SET value = value; UPDATE events SET hops = 7 WHERE seq = 3");
  const [wal, main] = ["-wal", ""].map((suffix) => readFileSync(join(stores.folder, `signalbox.db${suffix}`)));
  db.close();
  writeFileSync(join(stores.folder, "signalbox.db"), main!);
  writeFileSync(join(stores.folder, "signalbox.db-wal"), wal!);
  const report = salvage(stores.folder, { ...QUIETLY, force: true });
  assert.ok(report.kept !== null);
  assert.equal(report.saved, 600);
  assert.ok(existsSync(`${report.kept}-wal`), "it is kept with the file it belongs to");
  assert.ok(readFileSync(report.kept).equals(main!));
  const { log } = await stores.open();
  const page = await log.query({ after: 2, limit: 1 });
  assert.ok(page.ok);
  assert.equal(page.value.events[0]?.hops, 7);
});

test("a log whose table of contents is spoilt is left alone, and nobody is sent in circles", async (t) => {
  const stores = testStores(t);
  await filledStore(stores);
  overwrite(join(stores.folder, "signalbox.db"), 100, PAGE_BYTES - 100);
  const before = filePrints(stores.folder);
  const says = { code: "STORE_DAMAGED", message: /no event can be read.*Put back a copy.*move it away/ };
  await assert.rejects(stores.open(), says);
  assert.throws(() => salvage(stores.folder, QUIETLY), says);
  assert.deepEqual(filePrints(stores.folder), before);
});

test("salvage is refused while a hub runs, and where there is no log", async (t) => {
  const stores = testStores(t);
  assert.throws(() => salvage(stores.folder, QUIETLY), { code: "STORE_MISSING" });
  const { log } = await stores.open();
  await appendAll(log, [newEvent()]);
  assert.throws(() => salvage(stores.folder, QUIETLY), { code: "STORE_LOCKED" });
  assert.deepEqual(
    readdirSync(stores.folder).filter((name) => /damaged|salvaged/.test(name)),
    [],
  );
});

test("damage met while running is reported with what can be saved; intake and reading go on where they can", async (t) => {
  const stores = testStores(t);
  const events = await filledStore(stores);
  const { log } = await stores.open();
  const db = new Database(join(stores.folder, "signalbox.db"), { readonly: true });
  const pages = db
    .prepare("SELECT pageno FROM dbstat WHERE name = 'payloads' AND pagetype = 'leaf' ORDER BY path")
    .pluck()
    .all() as number[];
  const at = (pages[Math.floor(pages.length / 2)]! - 1) * PAGE_BYTES;
  // In a process of its own: closing the file here would drop the locks that SQLite holds on it.
  execFileSync(process.execPath, ["--input-type=module", "-e", SPOIL, join(stores.folder, "signalbox.db"), String(at), String(PAGE_BYTES)]);
  const refused = [];
  for (const { id } of events) {
    const detail = await log.get(id);
    if (!detail.ok) refused.push(detail.refusal.code);
  }
  db.close();
  assert.ok(refused.length > 0);
  assert.deepEqual(new Set(refused), new Set(["STORE_DAMAGED"]));
  assert.equal(log.status().state, "damaged");
  await eventually("it is known what can be saved", () => /\d+ of 600 events can still be read/.test(log.status().reason ?? ""));
  assert.ok((await append(log, newEvent())).ok, "what can be written safely is");
});

test("a log too large to check at the start is checked after it, while it is used", async (t) => {
  const stores = testStores(t);
  const store = await stores.open();
  await appendAll(
    store.log,
    Array.from({ length: 1200 }, () => newEvent({ body: Buffer.alloc(60_000, 1) })),
  );
  await eventually("the index has caught up", () => store.log.status().indexLag === 0);
  await store.close();
  damage(stores.folder, "payloads");
  const { log } = await stores.open();
  assert.equal(log.status().lastSeq, 1200);
  await eventually("the damage is found and counted", () => / of 1200 events can still be read/.test(log.status().reason ?? ""));
  assert.equal(log.status().state, "damaged");
  assert.ok((await append(log, newEvent())).ok);
});
