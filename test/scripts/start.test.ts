import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { tempFolder } from "../support/temp-folder.ts";

const SCRIPT = resolve("scripts/start.mjs");

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `npm start` runs, without the settings and the display of whoever runs the tests. */
function start(args: readonly string[], env: Readonly<Record<string, string>>) {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(SIGNALBOX_|ELECTRON_|DISPLAY|WAYLAND_DISPLAY|NODE_TEST)/.test(name)),
  );
  return spawn(process.execPath, [SCRIPT, ...args], { env: { ...clean, ...env }, stdio: ["ignore", "pipe", "pipe"] });
}

async function finish(child: ReturnType<typeof start>): Promise<Ended> {
  const out = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (out.stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...out };
}

/** A folder with an `electron` that prints what it was given and ends with 7. */
function fakeElectron(t: TestContext): string {
  const folder = join(tempFolder(t), "electron");
  mkdirSync(folder);
  writeFileSync(join(folder, "electron"), '#!/bin/sh\necho "$@"\nenv | grep ^SIGNALBOX_ | sort\nexit 7\n', { mode: 0o755 });
  return folder;
}

const windows = process.platform === "win32" ? "the fake Electron is a shell script" : false;

test("with Electron and a display the desktop app is started, and its exit code is kept", { skip: windows }, async (t) => {
  const env = { ELECTRON_OVERRIDE_DIST_PATH: fakeElectron(t), DISPLAY: ":0" };
  const { code, stdout } = await finish(
    start(["signalbox://events/a", "--ingress", "127.0.0.1:0", "--log=debug", "--no-create-sources", "--allow-anonymous"], env),
  );
  assert.equal(code, 7);
  assert.deepEqual(stdout.trim().split("\n"), [
    `${resolve(".")} signalbox://events/a`,
    "SIGNALBOX_ALLOW_ANONYMOUS=true",
    "SIGNALBOX_CREATE_SOURCES=false",
    "SIGNALBOX_INGRESS=127.0.0.1:0",
    "SIGNALBOX_LOG=debug",
  ]);
});

test("asked for the desktop app alone, it says why there is none and what to do", async (t) => {
  const missing = await finish(start(["--desktop"], { ELECTRON_OVERRIDE_DIST_PATH: join(tempFolder(t), "nowhere") }));
  assert.equal(missing.code, 1);
  assert.match(
    missing.stderr,
    /^The desktop app cannot start: ELECTRON_OVERRIDE_DIST_PATH names .*nowhere, where there is no Electron\. Correct the path/,
  );
});

test(
  "without a display the reason is one line, and the headless hub runs until it is told to end",
  { skip: process.platform !== "linux" && "only Linux can have no display" },
  async (t) => {
    const folder = tempFolder(t);
    const child = start(["--data", join(folder, "data"), "--ingress", "127.0.0.1:0", "--inspector", "127.0.0.1:0", "--log", "error"], {
      ELECTRON_OVERRIDE_DIST_PATH: fakeElectron(t),
    });
    const ended = finish(child);
    await new Promise<void>((ready) => createInterface(child.stdout).on("line", (line) => line.startsWith("stop") && ready()));
    child.kill("SIGTERM");
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0);
    assert.equal(
      stderr.split("\n")[0],
      "No desktop window, because there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set); the hub runs without one.",
    );
    assert.match(stdout, /ingress\s+http:\/\/127\.0\.0\.1:\d+/);
    assert.match(stdout, /inspector\s+http:\/\/127\.0\.0\.1:\d+\/#login=/);
  },
);
