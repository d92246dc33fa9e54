import assert from "node:assert/strict";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { filePrints } from "../support/file-prints.ts";
import { createInspectorApi } from "../support/inspector-api.ts";
import { runSignalbox, startHub } from "../support/run-signalbox.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startWebhookLoad } from "../support/webhook-load.ts";

test("salvage saves what can be read of a damaged log, keeps the damaged file, and the hub runs again", async (t) => {
  const data = tempFolder(t);
  const first = await startHub({ dataFolder: data });
  const load = startWebhookLoad(`${first.ingress}/in/load`, 16, "load");
  await load.reaches(600);

  const refused = await runSignalbox(["salvage", "--data", data, "--json"]);
  assert.equal(refused.code, 4, "a hub is running");
  assert.equal((JSON.parse(refused.stderr) as { error: { code: string } }).error.code, "STORE_LOCKED");
  await first.stop();
  await load.ended;
  const total = load.answered.length;

  const log = join(data, "signalbox.db");
  const { size } = await stat(log);
  const file = await open(log, "r+");
  await file.write(Buffer.alloc(16 * 4096, 0xa5), 0, 16 * 4096, Math.floor(size / 2 / 4096) * 4096);
  await file.close();

  const { code, stdout, stderr } = await runSignalbox(["salvage", "--data", data, "--json"]);
  assert.equal(code, 0, stderr);
  const report = JSON.parse(stdout) as { saved: number; lost: number; log: string; kept: string };
  assert.ok(report.lost > 0 && report.saved > 0, stdout);
  assert.ok(report.saved + report.lost >= total);
  assert.equal(report.log, log);
  assert.ok((await readdir(data)).some((name) => join(data, name) === report.kept));

  const second = await startHub({ dataFolder: data });
  t.after(() => second.kill());
  const events = await createInspectorApi(second).allEvents();
  assert.equal(events.length, report.saved);
  const saved = new Map(load.answered.map(({ id, marker }) => [id, marker]));
  for (const { id, preview } of events) {
    const marker = saved.get(id);
    if (marker !== undefined) assert.ok(preview?.includes(`"${marker}"`), `${id} is what it was`);
  }
  assert.equal(await second.stop(), 0);
});

test("where there is no log, or no folder, salvage says so and makes nothing", async (t) => {
  const folder = tempFolder(t);
  for (const data of [folder, join(folder, "nowhere"), "/proc/nowhere"]) {
    const { code, stderr } = await runSignalbox(["salvage", "--data", data]);
    assert.equal(code, 4, data);
    assert.match(stderr, /There is no log in /);
  }
  assert.deepEqual(await readdir(folder), []);
});

test("a sound log is left as it is, unless it is to be written anew by all means", async (t) => {
  const data = tempFolder(t);
  const hub = await startHub({ dataFolder: data });
  for (let at = 0; at < 3; at += 1) assert.equal((await fetch(`${hub.ingress}/in/any`, { method: "POST", body: "x" })).status, 200);
  await hub.stop();
  const before = filePrints(data);
  const { code, stdout } = await runSignalbox(["salvage", "--data", data]);
  assert.equal(code, 0);
  assert.match(stdout, /^Nothing is damaged: all 3 events of .* can be read\. It was left as it is\.\n$/);
  assert.deepEqual(filePrints(data), before);

  const forced = await runSignalbox(["salvage", "--data", data, "--force", "--json"]);
  assert.equal(forced.code, 0, forced.stderr);
  const report = JSON.parse(forced.stdout) as { sound: boolean; saved: number; lost: number; kept: string };
  assert.deepEqual([report.sound, report.saved, report.lost], [true, 3, 0]);
  assert.ok((await readdir(data)).some((name) => join(data, name) === report.kept && name.startsWith("signalbox.db.before-")));
});
