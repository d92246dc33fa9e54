import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findHub } from "../../main/cli/find-hub.ts";
import { RefusalError } from "../../main/contract/errors.ts";
import { tempFolder } from "../support/temp-folder.ts";

const INSPECTOR = "http://127.0.0.1:4801";

/** A data folder as a hub with this content of hub.json leaves it. */
function folderOf(folder: string, hubFile: string): { dataFolder: string; inspector: undefined; token: undefined } {
  writeFileSync(join(folder, "hub.json"), hubFile);
  writeFileSync(join(folder, "token"), "sixteen-characters-or-more\n");
  return { dataFolder: folder, inspector: undefined, token: undefined };
}

test("a running hub is found by what it keeps in its data folder", async (t) => {
  const where = folderOf(tempFolder(t), JSON.stringify({ pid: process.pid, inspector: `${INSPECTOR}/` }));
  assert.deepEqual(await findHub(where), { inspector: INSPECTOR, token: "sixteen-characters-or-more" });
});

test("a hub that was killed is not asked: its address may be another program's by now", async (t) => {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  const where = folderOf(tempFolder(t), JSON.stringify({ pid: child.pid, inspector: INSPECTOR }));
  await assert.rejects(findHub(where), (error) => error instanceof RefusalError && error.code === "HUB_UNREACHABLE");
});

test("a hub.json that is none, or names no inspector, is told as such", async (t) => {
  for (const text of ["{", "null", "[]", '"x"', '{"inspector":null}', '{"inspector":"nowhere","pid":-1}']) {
    const where = folderOf(tempFolder(t), text);
    await assert.rejects(findHub(where), (error) => error instanceof RefusalError && /hub\.json is not readable/.test(error.message), text);
  }
});
