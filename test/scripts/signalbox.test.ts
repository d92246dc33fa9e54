import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, symlinkSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { test } from "node:test";
import { tempFolder } from "../support/temp-folder.ts";

const SCRIPT = resolve("scripts/signalbox.mjs");

/** A Node on this machine that is too old for Signalbox, or null. */
function findOldNode(): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  const found = folders.map((folder) => join(folder, "node")).filter((path) => existsSync(path));
  return found.find((path) => Number.parseInt(execFileSync(path, ["--version"], { encoding: "utf8" }).slice(1), 10) < 24) ?? null;
}

test("on a Node that is too old the command says which it needs, and nothing else", (t) => {
  const node = findOldNode();
  if (node === null) return t.skip("there is no Node older than 24 on this machine");
  const { status, stdout, stderr } = spawnSync(node, [SCRIPT, "--version"], { encoding: "utf8" });
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /^signalbox: this is Node \d+\.\d+\.\d+, and Signalbox needs Node 24 or newer\.\nRun it with "npm run signalbox"/);
  assert.equal(stderr.split("\n").length, 3);
});

test(
  "the command runs from anywhere, and by a link as npm makes one",
  { skip: process.platform === "win32" && "links are made otherwise there" },
  (t) => {
    const link = join(tempFolder(t), "signalbox");
    symlinkSync(SCRIPT, link);
    const { status, stdout, stderr } = spawnSync(process.execPath, [link, "--version"], { encoding: "utf8", cwd: "/" });
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  },
);
