import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { openKeys } from "../../main/access/keys.ts";
import type { KeyInfo, NewKeyInfo } from "../../main/contract/key.ts";
import { connectMqtt } from "../support/mqtt-client.ts";
import { runSignalbox, startHub, type ProgramResult } from "../support/run-signalbox.ts";
import { tempFolder } from "../support/temp-folder.ts";

function keysIn(data: string) {
  const run = (...args: string[]): Promise<ProgramResult> => runSignalbox(["keys", ...args, "--data", data]);
  return {
    run,
    json: async <T>(...args: string[]): Promise<T> => {
      const { code, stdout, stderr } = await run(...args, "--json");
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout) as T;
    },
  };
}

const verified = async (data: string, secret: string): Promise<string | undefined> =>
  (await openKeys({ path: `${data}/keys.json`, now: Date.now }).verify(secret))?.name;

test("without a hub a key is made, listed, switched off and on, and revoked in the data folder", async (t) => {
  const data = tempFolder(t);
  const { run, json } = keysIn(data);
  const made = await run("add", "pump", "--publish", "pumps/%k/#", "-p", "logs", "--no-subscribe", "--expires", "30d");
  assert.equal(made.code, 0, made.stderr);
  const secret = made.stdout.split("\n")[0]!;
  assert.match(secret, /^sbk_/);
  assert.equal(await verified(data, secret), "pump");

  const { keys } = await json<{ keys: KeyInfo[] }>("list");
  const [pump] = keys;
  assert.deepEqual([keys.length, pump!.name, pump!.publish, pump!.subscribe], [1, "pump", ["pumps/%k/#", "logs"], []]);
  assert.ok(Math.abs(pump!.expiresAt! - pump!.createdAt - 30 * 86_400_000) < 60_000);
  const table = await run("list");
  assert.match(table.stdout, /^NAME +STATE +EXPIRES/);
  assert.match(table.stdout, /^pump +on +in 29 d 23 h +pumps\/%k\/# logs +nothing$/m);

  assert.equal((await json<KeyInfo>("disable", "pump")).enabled, false);
  assert.equal(await verified(data, secret), undefined);
  assert.match((await run("list")).stdout, /^pump +off/m);
  assert.equal((await json<KeyInfo>("enable", "pump")).enabled, true);
  assert.equal(await verified(data, secret), "pump");
  assert.deepEqual(await json("revoke", "pump"), { name: "pump", revoked: true });
  assert.match((await run("list")).stdout, /^There are no keys/);
});

test("what is said of a key when nothing is given is everything; what cannot be is refused with its exit code", async (t) => {
  const { run, json } = keysIn(tempFolder(t));
  const made = await json<NewKeyInfo>("add", "any");
  assert.deepEqual([made.publish, made.subscribe, made.expiresAt], [["#"], ["#"], null]);
  for (const [args, code, message] of [
    [["add", "any"], 1, /There is a key "any" already/],
    [["revoke", "other"], 1, /There is no key "other"/],
    [["add", "a/b"], 2, /letters, digits/],
    [["add", "x", "--publish", "a/#/b"], 2, /not a topic filter/],
    [["add", "x", "--expires", "soon"], 2, /"soon" is no time/],
    [["add", "x", "--expires", "2001-01-01"], 2, /2001-01-01 is over/],
    [["revoke", "any", "--expires", "1d"], 2, /does not take --expires/],
    [["list", "any"], 2, /does not take "any"/],
    [["add"], 2, /Which key/],
    [["drop", "any"], 2, /does not know "drop"/],
    [[], 2, /needs more/],
  ] as const) {
    const { code: found, stderr } = await run(...args);
    assert.equal(found, code, args.join(" "));
    assert.match(stderr, message);
  }
});

test("commands at the same time lose none of each other's keys", async (t) => {
  const { run, json } = keysIn(tempFolder(t));
  const names = ["a", "b", "c", "d"];
  const codes = await Promise.all(names.map(async (name) => (await run("add", name)).code));
  assert.deepEqual(codes, [0, 0, 0, 0]);
  const { keys } = await json<{ keys: KeyInfo[] }>("list");
  assert.deepEqual(
    keys.map(({ name }) => name),
    names,
  );
});

async function hubWithMqtt(t: TestContext, env: Record<string, string> = {}) {
  const hub = await startHub({ env: { SIGNALBOX_MQTT: "127.0.0.1:0", ...env } });
  t.after(() => hub.stop());
  return { hub, ...keysIn(hub.data) };
}

test("a running hub is asked: a key lets in at once, and who uses it is cut off when it is revoked", async (t) => {
  const { hub, json } = await hubWithMqtt(t);
  const { secret } = await json<NewKeyInfo>("add", "pump");
  const { client } = await connectMqtt(t, hub.json.mqtt!, { username: "pump", password: secret });
  const told = new Promise<number>((resolve) => client.once("disconnect", ({ reasonCode }) => resolve(reasonCode ?? 0)));
  const { keys } = await json<{ keys: KeyInfo[] }>("list");
  assert.ok(keys[0]!.lastUsedAt! >= keys[0]!.createdAt);
  await json("revoke", "pump");
  assert.equal(await told, 0x87);
});

test("keys are not changed behind the back of a hub that cannot be asked", async (t) => {
  const { run } = await hubWithMqtt(t, { SIGNALBOX_INSPECTOR: "off" });
  const { code, stderr } = await run("add", "pump");
  assert.equal(code, 3);
  assert.match(stderr, /hub is running on this data folder and cannot be asked/);
});
