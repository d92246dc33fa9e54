import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { tempFolder } from "../support/temp-folder.ts";

const support = (name: string): string => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

test("while the disk cannot sync nothing is acknowledged, and intake resumes on a file that was opened anew", (t) => {
  if (process.platform !== "linux") return t.skip("a library that makes syncs fail can be preloaded under Linux only");
  const folder = tempFolder(t);
  const library = join(folder, "failing-sync.so");
  const built = spawnSync("gcc", ["-shared", "-fPIC", "-o", library, support("failing-sync.c"), "-ldl"], { encoding: "utf8" });
  if (built.error) return t.skip(`gcc is needed to make syncs fail (${built.error.message})`);
  assert.equal(built.status, 0, built.stderr);
  const failing = join(folder, "failing");
  const child = spawnSync(process.execPath, [support("append-while-sync-fails.ts"), join(folder, "data"), failing], {
    encoding: "utf8",
    env: { ...process.env, LD_PRELOAD: library, FAIL_SYNC_WHILE: failing },
  });
  assert.equal(child.status, 0, child.stderr);
  const { after, ...rest } = JSON.parse(child.stdout) as Record<string, unknown>;
  assert.deepEqual(rest, {
    before: "before is 1",
    first: "first STORE_FAILED",
    state: "failed",
    second: "second STORE_FAILED",
    stored: ["before", "after"],
  });
  assert.match(String(after), /^after is [23]$/, "what was refused may have cost a seq, but is not there");
});
