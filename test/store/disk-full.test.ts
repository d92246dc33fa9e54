import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { LogState } from "../../main/contract/status.ts";
import { eventually } from "../support/eventually.ts";
import { scratchDisk } from "../support/scratch-disk.ts";
import { append, newEvent, testStores } from "../support/test-store.ts";

test("a full disk refuses new events with STORE_FULL, reading goes on, and intake resumes by itself", async (t) => {
  const disk = scratchDisk(t, 24);
  if (disk === null) return;
  const ballast = join(disk.folder, "ballast");
  writeFileSync(ballast, Buffer.alloc(8 * 1024 * 1024));
  const stores = testStores(t, disk.folder);
  const store = await stores.open();
  const { log } = store;
  const states: LogState[] = [];
  log.onState(({ state }) => states.push(state));

  const stored: string[] = [];
  const event = () => newEvent({ body: Buffer.alloc(200_000, 120) });
  const refusal = await eventually("the disk is full", async () => {
    const outcome = await append(log, event());
    if (!outcome.ok) return outcome.refusal;
    stored.push(outcome.event.id);
    return null;
  });
  assert.equal(refusal.code, "STORE_FULL");
  assert.match(refusal.message, /is full.*resumes by itself/);
  assert.equal(log.status().state, "full");
  assert.match(log.status().reason ?? "", /is full/);

  for (let n = 0; n < 3; n += 1) {
    const again = await append(log, { ...event(), topic: "new/while/full", source: "new" });
    assert.ok(!again.ok && again.refusal.code === "STORE_FULL");
  }

  const page = await log.query({ limit: 1000 });
  assert.ok(page.ok);
  assert.deepEqual(page.value.events.map(({ id }) => id).toReversed(), stored, "what was acknowledged is there, and nothing else");

  rmSync(ballast);
  await eventually("it is open again without anything being sent", () => log.status().state === "open");
  const outcome = await append(log, { ...event(), topic: "new/while/full", source: "new" });
  assert.ok(outcome.ok);
  const detail = await log.get(outcome.event.id);
  assert.ok(
    detail.ok && detail.value.topic === "new/while/full" && detail.value.source === "new",
    "a name first met then is not half known",
  );
  assert.equal(outcome.event.seq, stored.length + 1, "what was refused has taken no place");
  assert.deepEqual(new Set(states), new Set(["full", "open"]));
  await store.close();
  const again = await stores.open();
  assert.equal(again.log.status().lastSeq, stored.length + 1);
});

test("a full disk at the first start is said to be full", async (t) => {
  const disk = scratchDisk(t, 1);
  if (disk === null) return;
  const stores = testStores(t, disk.folder);
  assert.throws(() => writeFileSync(join(disk.folder, "ballast"), Buffer.alloc(2 * 1024 * 1024)), { code: "ENOSPC" });
  await assert.rejects(stores.open(), { code: "STORE_FULL" });
});
