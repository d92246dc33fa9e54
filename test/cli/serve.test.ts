import assert from "node:assert/strict";
import { once } from "node:events";
import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { runSignalbox, spawnSignalbox, startHub } from "../support/run-signalbox.ts";
import { tempFolder } from "../support/temp-folder.ts";

const FREE_PORTS = ["--ingress", "127.0.0.1:0", "--inspector", "127.0.0.1:0", "--log", "error"];

interface Told {
  readonly error: { readonly code: string; readonly message: string };
}

test("with --json, serve prints one line when it is ready and stops cleanly on SIGTERM", async () => {
  const hub = await startHub();
  assert.deepEqual(Object.keys(hub.json), ["ingress", "inspector", "login", "data", "pid"]);
  assert.match(hub.ingress, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.ok(hub.login.startsWith(`${hub.inspector}/#login=`));
  assert.equal((await fetch(`${hub.inspector}/healthz`)).status, 200);
  assert.equal((await stat(join(hub.data, "token"))).mode & 0o777, 0o600);
  assert.ok((await readdir(hub.data)).includes("hub.json"));
  assert.equal(await hub.stop(), 0);
  assert.equal(hub.stderr(), "");
});

test("for a person, serve prints each address on a line and how to stop; Ctrl-C stops it and removes hub.json", async (t) => {
  const data = tempFolder(t);
  const child = spawnSignalbox(["serve", "--data", data, ...FREE_PORTS], {});
  t.after(() => child.kill("SIGKILL"));
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout!)) {
    lines.push(line);
    if (line.startsWith("stop")) child.kill("SIGINT");
  }
  assert.equal(child.exitCode ?? (await once(child, "exit"))[0], 0);
  assert.match(lines[0] ?? "", /^ingress {4}http:\/\/127\.0\.0\.1:\d+\/in\/<source>$/);
  assert.match(lines[1] ?? "", /^inspector {2}http:\/\/127\.0\.0\.1:\d+\/#login=\S+ {2}\(one-time link\)$/);
  assert.equal(lines[2], `data       ${data}`);
  assert.match(lines[3] ?? "", /Ctrl-C/);
  assert.ok(!(await readdir(data)).includes("hub.json"));
});

test("a busy port is refused with the port, who wants it and the option that moves it", async (t) => {
  const data = tempFolder(t);
  const other = createServer().listen(0, "127.0.0.1");
  t.after(() => other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  for (const listener of ["ingress", "inspector"]) {
    const flags = ["serve", "--data", data, ...FREE_PORTS, `--${listener}`, `127.0.0.1:${port}`];
    const { code, stdout, stderr } = await runSignalbox(flags);
    assert.equal(code, 5);
    assert.equal(stdout, "");
    for (const part of [String(port), listener, `--${listener}`]) assert.ok(stderr.includes(part), stderr);
    const told = await runSignalbox([...flags, "--json"]);
    assert.equal(told.code, 5);
    assert.equal((JSON.parse(told.stderr) as Told).error.code, "PORT_BUSY");
  }
});

test("a second hub on the same data folder is refused, and the first goes on", async (t) => {
  const hub = await startHub();
  t.after(() => hub.stop());
  const { code, stderr } = await runSignalbox(["serve", "--json", "--data", hub.data, ...FREE_PORTS]);
  assert.equal(code, 4);
  const { error } = JSON.parse(stderr) as Told;
  assert.equal(error.code, "STORE_LOCKED");
  assert.ok(error.message.includes(hub.data));
  assert.equal((await fetch(`${hub.ingress}/in/still-here`, { method: "POST", body: "1" })).status, 200);
  assert.equal((await runSignalbox(["status", "--data", hub.data])).code, 0);
});

test("a file that is no log of ours is refused and left as it is", async (t) => {
  const data = tempFolder(t);
  const file = join(data, "signalbox.db");
  await writeFile(file, "a shopping list".repeat(20));
  const { code, stderr } = await runSignalbox(["serve", "--data", data, ...FREE_PORTS]);
  assert.equal(code, 4);
  assert.match(stderr, /not a Signalbox log/);
  assert.equal((await stat(file)).size, 300);
});

test("listening beyond this machine is refused unless it is asked for by name", async (t) => {
  const data = tempFolder(t);
  const { code, stderr } = await runSignalbox(["serve", "--json", "--data", data, ...FREE_PORTS, "--ingress", "0.0.0.0:0"]);
  assert.equal(code, 5);
  assert.match((JSON.parse(stderr) as Told).error.message, /--allow-anonymous/);
});

test("a data folder that cannot be written is refused", async (t) => {
  if (process.getuid?.() === 0) return t.skip("root may write everywhere");
  const data = tempFolder(t);
  await chmod(data, 0o500);
  const { code, stderr } = await runSignalbox(["serve", "--json", "--data", data, ...FREE_PORTS]);
  assert.equal(code, 4);
  assert.equal((JSON.parse(stderr) as Told).error.code, "STORE_READ_ONLY");
});
