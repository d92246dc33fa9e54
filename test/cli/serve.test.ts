import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir, stat, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { createInspectorApi } from "../support/inspector-api.ts";
import { rawHttp } from "../support/raw-http.ts";
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
  const child = spawnSignalbox(["serve", "--data", data, ...FREE_PORTS, "--mqtt", "off"], {});
  t.after(() => child.kill("SIGKILL"));
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout!)) {
    lines.push(line);
    if (line.startsWith("stop")) child.kill("SIGINT");
  }
  assert.equal(child.exitCode ?? (await once(child, "exit"))[0], 0);
  assert.match(lines[0] ?? "", /^ingress {4}http:\/\/127\.0\.0\.1:\d+\/in\/<source>$/);
  assert.match(lines[1] ?? "", /^inspector {2}http:\/\/127\.0\.0\.1:\d+\/#login=\S+ {2}\(one-time link\)$/);
  assert.equal(lines[2], "mqtt       off");
  assert.equal(lines[3], `data       ${data}`);
  assert.match(lines[4] ?? "", /Ctrl-C/);
  assert.ok(!(await readdir(data)).includes("hub.json"));
});

test("a sender that hangs does not keep the hub from stopping", async (t) => {
  const hub = await startHub();
  t.after(() => hub.kill());
  const { socket } = await rawHttp(hub.ingress, "POST /in/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
  t.after(() => socket.destroy());
  await eventually("the hub has the request", async () => {
    const sources = (await createInspectorApi(hub).get("/sources")) as { sources: unknown[] };
    return sources.sources.length === 1;
  });
  assert.equal(await hub.stop(), 0);
});

test("Ctrl-C again ends a hub that is still stopping at once", async (t) => {
  const hub = await startHub();
  t.after(() => hub.kill());
  const { socket } = await rawHttp(hub.ingress, "POST /in/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
  t.after(() => socket.destroy());
  let code: number | null | undefined;
  void hub.exited.then((value) => (code = value));
  await eventually("it has ended", () => {
    if (code === undefined) hub.signal("SIGINT");
    return code !== undefined;
  });
  // Pressed once more while it is ending already, it is the system that ends it, which leaves no code.
  assert.ok(code === 130 || code === null, String(code));
});

test("a bug ends the hub at once and is told; nothing acknowledged is lost", async (t) => {
  const data = tempFolder(t);
  const plant = `process.on("SIGUSR2", () => setImmediate(() => { throw new Error("a planted bug"); }))`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(plant)}` };
  const hub = await startHub({ dataFolder: data, env });
  t.after(() => hub.kill());
  const answer = await fetch(`${hub.ingress}/in/before`, { method: "POST", body: "kept" });
  const { id } = (await answer.json()) as { id: string };
  hub.signal("SIGUSR2");
  assert.equal(await hub.exited, 1);
  assert.match(hub.stderr(), /a planted bug/);
  const again = await startHub({ dataFolder: data });
  t.after(() => again.kill());
  assert.equal(String(await createInspectorApi(again).body(id)), "kept");
  assert.equal(await again.stop(), 0);
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

test("a data folder that cannot be made is refused", async (t) => {
  const file = join(tempFolder(t), "file");
  await writeFile(file, "");
  const { code, stderr } = await runSignalbox(["serve", "--json", "--data", join(file, "folder"), ...FREE_PORTS]);
  assert.equal(code, 4);
  const { error } = JSON.parse(stderr) as Told;
  assert.equal(error.code, "STORE_READ_ONLY");
  assert.match(error.message, /--data/);
});
