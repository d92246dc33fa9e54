import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import Database from "better-sqlite3";
import { RefusalError } from "../../main/contract/errors.ts";
import { filePrints } from "../support/file-prints.ts";
import { scratchDisk } from "../support/scratch-disk.ts";
import { appendAll, newEvent, testStores, type TestStores } from "../support/test-store.ts";

async function refusalOf(opening: Promise<unknown>): Promise<RefusalError> {
  const outcome = await opening.then(
    () => new Error("it was opened"),
    (error: unknown) => error,
  );
  if (outcome instanceof RefusalError) return outcome;
  throw outcome;
}

/** Opening must be refused, for this reason, and leave every file of the log as it is. */
async function assertRefused(stores: TestStores, code: string, says: RegExp): Promise<void> {
  const before = filePrints(stores.folder);
  const refusal = await refusalOf(stores.open());
  assert.equal(refusal.code, code);
  assert.match(refusal.message, says);
  assert.deepEqual(filePrints(stores.folder), before);
}

async function filledStore(t: TestContext): Promise<TestStores> {
  const stores = testStores(t);
  const store = await stores.open();
  await appendAll(
    store.log,
    Array.from({ length: 50 }, () => newEvent()),
  );
  await store.close();
  return stores;
}

test("a log written by a newer Signalbox is left as it is: STORE_NEWER", async (t) => {
  const stores = await filledStore(t);
  const db = new Database(join(stores.folder, "signalbox.db"));
  db.pragma("user_version = 999");
  db.close();
  await assertRefused(stores, "STORE_NEWER", /format 999.*Start the newer Signalbox/);
});

test("another program's database is left as it is: STORE_FOREIGN", async (t) => {
  const stores = testStores(t);
  const db = new Database(join(stores.folder, "signalbox.db"));
  db.exec("PRAGMA journal_mode = WAL; CREATE TABLE customers (id INTEGER PRIMARY KEY)");
  db.close();
  await assertRefused(stores, "STORE_FOREIGN", /database of another program/);
});

test("a file that is no database is left as it is, however short: STORE_FOREIGN", async (t) => {
  for (const content of ["x", "Dear diary, ".repeat(1000), "SQLite format 3\u0000"]) {
    const stores = testStores(t);
    writeFileSync(join(stores.folder, "signalbox.db"), content);
    await assertRefused(stores, "STORE_FOREIGN", /no SQLite database.*left as it is/);
  }
});

test("a folder where the log should be is refused: STORE_FOREIGN", async (t) => {
  const stores = testStores(t);
  mkdirSync(join(stores.folder, "signalbox.db"));
  const refusal = await refusalOf(stores.open());
  assert.equal(refusal.code, "STORE_FOREIGN");
});

test("an empty file is taken as no log yet", async (t) => {
  const stores = testStores(t);
  writeFileSync(join(stores.folder, "signalbox.db"), "");
  const { log } = await stores.open();
  const [event] = await appendAll(log, [newEvent()]);
  assert.equal(event?.seq, 1);
});

test("a second hub on the same folder is refused, and told who holds it: STORE_LOCKED", async (t) => {
  const stores = testStores(t);
  const first = await stores.open();
  writeFileSync(join(stores.folder, "hub.json"), JSON.stringify({ pid: 4711 }));
  const refusal = await refusalOf(stores.open());
  assert.equal(refusal.code, "STORE_LOCKED");
  assert.match(refusal.message, /process 4711.*--data/);
  await appendAll(first.log, [newEvent()]);
  await first.close();
  const second = await stores.open();
  assert.equal(second.log.status().lastSeq, 1);
});

test("a second hub in another process is refused too, and the first goes on", async (t) => {
  const stores = testStores(t);
  const first = await stores.open();
  const script = `
    import { openStore } from ${JSON.stringify(new URL("../../main/store/open-store.ts", import.meta.url).href)};
    import { systemClock } from ${JSON.stringify(new URL("../../main/platform/clock.ts", import.meta.url).href)};
    import { silentLogger } from ${JSON.stringify(new URL("../../main/platform/log.ts", import.meta.url).href)};
    const folder = ${JSON.stringify(stores.folder)};
    await openStore({ folder, clock: systemClock, logger: silentLogger, maxQueuedEvents: 1, maxQueuedBytes: 1 }).then(
      () => console.log("opened"),
      (error) => console.log(error.code),
    );`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.equal(stdout.trim(), "STORE_LOCKED");
  assert.equal((await appendAll(first.log, [newEvent()])).length, 1);
});

test("a data folder below a file is refused: STORE_READ_ONLY", async (t) => {
  const stores = testStores(t);
  writeFileSync(join(stores.folder, "file"), "");
  const refusal = await refusalOf(stores.open({ folder: join(stores.folder, "file", "data") }));
  assert.equal(refusal.code, "STORE_READ_ONLY");
  assert.match(refusal.message, /cannot write .*ENOTDIR.*--data/);
});

test("a data folder that does not exist is made", async (t) => {
  const stores = testStores(t);
  const { log } = await stores.open({ folder: join(stores.folder, "some", "where") });
  assert.equal(log.status().state, "open");
});

test("a disk that cannot be written is refused, new or with a log on it: STORE_READ_ONLY", async (t) => {
  const disk = scratchDisk(t, 32);
  if (disk === null) return;
  const stores = testStores(t, disk.folder);
  const store = await stores.open();
  await appendAll(store.log, [newEvent()]);
  await store.close();
  disk.makeReadOnly();
  await assertRefused(stores, "STORE_READ_ONLY", /cannot write .*EROFS/);
  const refusal = await refusalOf(stores.open({ folder: join(disk.folder, "new") }));
  assert.equal(refusal.code, "STORE_READ_ONLY");
});

test("a user without the right to write is refused: STORE_READ_ONLY", async (t) => {
  if (process.getuid?.() !== 0) return t.skip("only root can start a process as another user");
  const stores = await filledStore(t);
  for (const name of [".", "signalbox.db", "index.db", "signalbox.lock"])
    chmodSync(join(stores.folder, name), name === "." ? 0o755 : 0o644);
  const before = filePrints(stores.folder);
  const script = `
    import { openStore } from ${JSON.stringify(new URL("../../main/store/open-store.ts", import.meta.url).href)};
    const logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => logger };
    const folder = ${JSON.stringify(stores.folder)};
    await openStore({ folder, clock: { now: Date.now }, logger, maxQueuedEvents: 1, maxQueuedBytes: 1 }).then(
      () => console.log("opened"),
      (error) => console.log(error.code, error.message),
    );`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    uid: 65_534,
    gid: 65_534,
  });
  assert.match(stdout, /^STORE_READ_ONLY .*EACCES/, stderr);
  assert.deepEqual(filePrints(stores.folder), before);
});

test("a lock left by a process that was killed holds nobody up", async (t) => {
  const stores = testStores(t);
  const script = `
    import Database from "better-sqlite3";
    const db = new Database(${JSON.stringify(join(stores.folder, "signalbox.lock"))});
    db.exec("BEGIN EXCLUSIVE");
    process.kill(process.pid, "SIGKILL");`;
  const { signal } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.equal(signal, "SIGKILL");
  const { log } = await stores.open();
  assert.equal(log.status().state, "open");
});
