import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { openLogFile } from "../../main/electron/log-file.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("the log file is put aside when it is full, and only two old ones are kept", (t) => {
  const folder = join(tempFolder(t), "logs");
  const log = openLogFile(folder, 10);
  for (const line of ["one\n", "two\n", "three\n", "four\n", "five\n", "six\n", "seven\n"]) log.write(line);
  assert.deepEqual(readdirSync(folder).sort(), ["signalbox.1.log", "signalbox.2.log", "signalbox.log"]);
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  assert.deepEqual([read("signalbox.log"), read("signalbox.1.log"), read("signalbox.2.log")], ["six\nseven\n", "four\nfive\n", "three\n"]);
  assert.equal(log.path, join(folder, "signalbox.log"));
});

test(
  "a log file goes on where the last run left it, and is the owner's alone",
  { skip: process.platform === "win32" && "files have no mode there" },
  (t) => {
    const folder = tempFolder(t);
    openLogFile(folder, 10).write("first\n");
    openLogFile(folder, 10).write("second\n");
    assert.deepEqual(readdirSync(folder).sort(), ["signalbox.1.log", "signalbox.log"]);
    assert.equal(statSync(join(folder, "signalbox.log")).mode & 0o777, 0o600);
  },
);

test("what a process says on either stream is written down", async (t) => {
  const folder = tempFolder(t);
  const child = { stdout: new PassThrough(), stderr: new PassThrough() };
  openLogFile(folder).takeFrom(child);
  const both = Promise.all([child.stdout, child.stderr].map((stream) => new Promise((resolve) => stream.once("data", resolve))));
  child.stdout.write("said\n");
  child.stderr.write("warned\n");
  await both;
  assert.deepEqual(readFileSync(join(folder, "signalbox.log"), "utf8").split("\n").sort(), ["", "said", "warned"]);
});

test("where no log file can be written the app goes on, and knows why", (t) => {
  const file = join(tempFolder(t), "taken");
  writeFileSync(file, "");
  const log = openLogFile(join(file, "logs"));
  log.write("lost\n");
  assert.equal(log.path, null);
  assert.match(log.failure ?? "", /ENOTDIR|EEXIST/);
});
