import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { launchDesktop, STAND_IN } from "../support/launch-desktop.ts";
import { tempFolder } from "../support/temp-folder.ts";

const run = promisify(execFile);
const VERSION = "45.4.1";

/** Fuses are bytes in Electron's program behind this mark: layout version, how many, then each as "0", "1" or "r" (removed). */
const FUSE_MARK = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";
const FUSES = [
  "runAsNode",
  "cookieEncryption",
  "nodeOptions",
  "nodeCliInspect",
  "asarIntegrity",
  "onlyAsar",
  "browserSnapshot",
  "fileProtocolExtra",
];
const FRESH = "10110001";

test("the Debian package holds what the app needs and no more, with its fuses set, and the app in it runs", async (t) => {
  if (process.platform !== "linux" || process.arch !== "x64" || !existsSync("/usr/bin/dpkg-deb"))
    return t.skip("a Debian package is built on Debian, x64");
  const folder = tempFolder(t);
  const electronDist = writeElectronFolder(join(folder, "electron"));
  const output = join(folder, "release");
  const settings = [`electronDist=${electronDist}`, `electronVersion=${VERSION}`, `directories.output=${output}`].map((one) => `-c.${one}`);
  await run(
    process.execPath,
    [resolve("node_modules/electron-builder/cli.js"), "--linux", "deb", "--x64", "--publish", "never", ...settings],
    {
      env: { ...process.env, CUSTOM_FPM_PATH: resolve("scripts/fpm.mjs") },
    },
  );

  const root = join(folder, "root");
  await run("dpkg-deb", ["-x", join(output, globSync("*.deb", { cwd: output })[0]!), root]);
  const app = join(root, "opt/Signalbox");
  assert.deepEqual(readFuses(join(app, "signalbox")), ["cookieEncryption", "asarIntegrity", "onlyAsar"]);
  assert.match(readFileSync(join(root, "usr/share/applications/signalbox.desktop"), "utf8"), /MimeType=x-scheme-handler\/signalbox/);
  const archive = join(app, "resources/app.asar");
  assert.ok(statSync(archive).size < 30 * 1024 ** 2, `${statSync(archive).size} bytes`);
  assert.deepEqual(globSync("**/*.node", { cwd: `${archive}.unpacked` }), ["node_modules/better-sqlite3/prebuilds/linux-x64.node"]);
  assert.deepEqual(globSync("node_modules/*", { cwd: `${archive}.unpacked` }), ["node_modules/better-sqlite3"]);

  const desktop = await launchDesktop({ target: archive, program: STAND_IN });
  t.after(() => desktop.close());
  assert.equal(await desktop.app.evaluate(({ app }) => app.isPackaged), true);
  const { ingress } = await desktop.hub();
  await desktop.page.getByText("Connected").first().waitFor();
  assert.equal((await fetch(`${ingress}/in/packaged`, { method: "POST", body: "x" })).status, 200);
  await desktop.page.getByRole("button", { name: "Open it" }).waitFor(); // the first steps end with the first event
});

/** What electron-builder takes for Electron's folder: its files by name, and in the program nothing but the fuses. */
function writeElectronFolder(folder: string): string {
  mkdirSync(join(folder, "resources"), { recursive: true });
  const program = Buffer.concat([Buffer.from(FUSE_MARK), Buffer.from([1, FUSES.length]), Buffer.from(FRESH)]);
  writeFileSync(join(folder, "electron"), program, { mode: 0o755 });
  writeFileSync(join(folder, "version"), VERSION);
  for (const name of ["LICENSE", "LICENSES.chromium.html", "chrome-sandbox"]) writeFileSync(join(folder, name), "");
  return folder;
}

/** The names of the fuses that are on. */
function readFuses(program: string): string[] {
  const bytes = readFileSync(program);
  const start = bytes.indexOf(FUSE_MARK) + FUSE_MARK.length + 2;
  return FUSES.filter((_name, index) => bytes[start + index] === "1".charCodeAt(0));
}
