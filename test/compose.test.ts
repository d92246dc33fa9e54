import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { compose, type RunningHub } from "../main/compose.ts";
import type { Config } from "../main/config/config.ts";
import { RefusalError } from "../main/contract/errors.ts";
import { silentLogger } from "../main/platform/log.ts";
import { tempFolder } from "./support/temp-folder.ts";
import { testConfig } from "./support/test-config.ts";

async function start(t: TestContext, config: Config): Promise<RunningHub> {
  const running = await compose(config, { logger: silentLogger });
  t.after(() => running.stop());
  return running;
}

function urlOf(running: RunningHub, name: string): string {
  const url = running.hub.listeners.status().find((listener) => listener.name === name)?.url;
  assert.ok(url, `${name} listens`);
  return url;
}

async function refusalOf(config: Config): Promise<RefusalError> {
  const error: unknown = await compose(config, { logger: silentLogger }).then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RefusalError, `it is refused, not ${String(error)}`);
  return error;
}

test("a webhook that was answered is in the log of the next start", async (t) => {
  const folder = tempFolder(t);
  const first = await start(t, testConfig(folder));
  const answer = await fetch(`${urlOf(first, "ingress")}/in/shop`, { method: "POST", body: "durable" });
  const { id } = (await answer.json()) as { id: string };
  await first.stop();

  const second = await start(t, testConfig(folder));
  const event = await second.hub.log.get(id);
  assert.ok(event.ok);
  assert.equal(event.value.preview, "durable");
  assert.equal(event.value.topic, "webhooks/shop/event");
  assert.deepEqual(
    (await second.hub.sources.list()).map(({ name }) => name),
    ["shop"],
  );
});

test("while it runs the hub can be found by its data folder, and not after", async (t) => {
  const folder = tempFolder(t);
  const running = await start(t, testConfig(folder));
  const file = JSON.parse(readFileSync(join(folder, "hub.json"), "utf8")) as Record<string, unknown>;
  assert.equal(file["pid"], process.pid);
  assert.equal(file["ingress"], urlOf(running, "ingress"));
  assert.equal(file["inspector"], urlOf(running, "inspector"));
  await running.stop();
  assert.equal(existsSync(join(folder, "hub.json")), false);
});

test("the token is made once, kept, and readable by its owner alone", async (t) => {
  const folder = tempFolder(t);
  const config = testConfig(folder);
  await (await start(t, config)).stop();
  const token = readFileSync(join(folder, "token"), "utf8");
  assert.match(token, /^[\w-]{43}\n$/);
  if (process.platform !== "win32") assert.equal(statSync(join(folder, "token")).mode & 0o777, 0o600);
  await (await start(t, config)).stop();
  assert.equal(readFileSync(join(folder, "token"), "utf8"), token);
});

test("a token that is given is kept for its owner alone, whoever could read the file before", async (t) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, "token"), "an-older-token-of-this-folder\n", { mode: 0o644 });
  await start(t, testConfig(folder, { token: "a-token-that-was-given" }));
  assert.equal(readFileSync(join(folder, "token"), "utf8"), "a-token-that-was-given\n");
  if (process.platform !== "win32") assert.equal(statSync(join(folder, "token")).mode & 0o777, 0o600);
});

test("a token file that holds no token is refused, not replaced", async (t) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, "token"), "short\n");
  const refusal = await refusalOf(testConfig(folder));
  assert.equal(refusal.code, "CONFIG_INVALID");
  assert.equal(readFileSync(join(folder, "token"), "utf8"), "short\n");
});

test("a busy port fails the start by name, and leaves nothing open", async (t) => {
  const folder = tempFolder(t);
  const busy = createServer().listen(0, "127.0.0.1");
  t.after(() => busy.close());
  await once(busy, "listening");
  const { port } = busy.address() as { port: number };
  for (const name of ["ingress", "inspector"] as const) {
    const refusal = await refusalOf(testConfig(folder, { [name]: { host: "127.0.0.1", port } }));
    assert.equal(refusal.code, "PORT_BUSY");
    assert.match(refusal.message, new RegExp(`${port}.*${name}.*--${name}`));
    assert.deepEqual(refusal.details, { listener: name, setting: name, host: "127.0.0.1", port });
  }
  await start(t, testConfig(folder)); // the store's lock is free again
});

test("a second hub on the same data folder is refused", async (t) => {
  const folder = tempFolder(t);
  await start(t, testConfig(folder));
  assert.equal((await refusalOf(testConfig(folder))).code, "STORE_LOCKED");
  assert.equal(existsSync(join(folder, "hub.json")), true, "the first one's file stays");
});

test("listening beyond this machine needs to be asked for by name", async (t) => {
  const folder = tempFolder(t);
  const open = { ingress: { host: "0.0.0.0", port: 0 } };
  const refusal = await refusalOf(testConfig(folder, open));
  assert.equal(refusal.code, "LISTEN_REFUSED");
  assert.match(refusal.message, /--allow-anonymous/);
  const running = await start(t, testConfig(folder, { ...open, allowAnonymous: true }));
  assert.match(urlOf(running, "ingress"), /^http:\/\/127\.0\.0\.1:\d+$/);
});

test("an address this machine does not have is refused", async (t) => {
  const refusal = await refusalOf(testConfig(tempFolder(t), { ingress: { host: "192.0.2.1", port: 0 }, allowAnonymous: true }));
  assert.equal(refusal.code, "LISTEN_REFUSED");
});

test("a data folder that cannot be made is refused", async (t) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, "file"), "");
  assert.equal((await refusalOf(testConfig(join(folder, "file", "data")))).code, "STORE_READ_ONLY");
  assert.equal((await refusalOf(testConfig(join(folder, "file")))).code, "STORE_READ_ONLY");
  // There mkdir says "no such folder" of one whose parent is there.
  if (process.platform === "linux") assert.equal((await refusalOf(testConfig("/proc/signalbox/data"))).code, "STORE_READ_ONLY");
});

test("a data folder is made with those above it, for its owner alone", async (t) => {
  const folder = join(tempFolder(t), "a", "b");
  await start(t, testConfig(folder));
  if (process.platform !== "win32") assert.equal(statSync(folder).mode & 0o777, 0o700);
});

test("with both listeners off the hub still runs for links that are attached", async (t) => {
  const running = await start(t, testConfig(tempFolder(t), { ingress: null, inspector: null }));
  assert.deepEqual(running.hub.listeners.status(), []);
  assert.ok((await running.hub.publish({ topic: "a", payload: Buffer.from("x") })).ok);
});

test("a second stop is the first", async (t) => {
  const running = await start(t, testConfig(tempFolder(t)));
  await Promise.all([running.stop(), running.stop()]);
});
