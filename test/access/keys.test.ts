import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createAccess } from "../../main/access/access.ts";
import { openKeys, type NewKey } from "../../main/access/keys.ts";
import { tempFolder } from "../support/temp-folder.ts";

const ALL: NewKey = { name: "pump", expiresAt: null, publish: ["#"], subscribe: ["#"] };

test("a key's secret opens until it is switched off, expires or is revoked; the file holds only a hash", async (t) => {
  const path = join(tempFolder(t), "keys.json");
  let now = 1000;
  const keys = openKeys({ path, now: () => now });
  const made = await keys.add({ ...ALL, expiresAt: 5000 });
  assert.ok(made.ok);
  const { secret } = made.value;
  assert.equal((await keys.verify(secret))?.name, "pump");
  assert.equal(readFileSync(path, "utf8").includes(secret), false);
  assert.match(readFileSync(path, "utf8"), /"scrypt\$/);
  if (process.platform !== "win32") assert.equal(statSync(path).mode & 0o777, 0o600);

  const reopened = openKeys({ path, now: () => now });
  assert.equal((await reopened.verify(secret))?.name, "pump");
  assert.equal(await reopened.verify(`${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`), null);
  assert.ok(reopened.enable("pump", false).ok);
  assert.equal(await reopened.verify(secret), null);
  assert.ok(reopened.enable("pump", true).ok);
  now = 5000;
  assert.equal(await reopened.verify(secret), null);
  now = 4999;
  assert.ok(reopened.revoke("pump").ok);
  assert.equal(await reopened.verify(secret), null);
  assert.deepEqual(openKeys({ path, now: () => now }).list(), []);
});

test("a name is given once, and filters must be topic filters", async () => {
  const keys = openKeys({ path: null, now: () => 0 });
  assert.ok((await keys.add(ALL)).ok);
  const codes = await Promise.all([keys.add(ALL), keys.add({ ...ALL, name: "a/b" }), keys.add({ ...ALL, name: "x", publish: ["a/#/b"] })]);
  assert.deepEqual(
    codes.map((one) => (one.ok ? null : one.refusal.code)),
    ["KEY_EXISTS", "PARAMS_INVALID", "PARAMS_INVALID"],
  );
});

test("a key file that cannot be understood stops the start and says which", (t) => {
  const path = join(tempFolder(t), "keys.json");
  writeFileSync(path, '{"keys":[{"name":"x"}]}');
  assert.throws(() => openKeys({ path, now: () => 0 }), { code: "CONFIG_INVALID", message: /keys\.json/ });
});

test("nobody is anonymous from beyond this machine unless that is allowed", async () => {
  const keys = openKeys({ path: null, now: () => 0 });
  const made = await keys.add(ALL);
  assert.ok(made.ok);
  const strict = createAccess({ keys, allowAnonymous: false, now: () => 0 });
  const open = createAccess({ keys, allowAnonymous: true, now: () => 0 });
  const codeOf = async (access: typeof strict, remoteAddress: string, secret: string | null, name?: string): Promise<string | null> => {
    const peer = await access.authenticate({ secret, remoteAddress, ...(name === undefined ? {} : { name }) });
    return peer.ok ? null : peer.refusal.code;
  };
  assert.equal(await codeOf(strict, "127.0.0.1", null), null);
  assert.equal(await codeOf(strict, "192.0.2.7", null), "KEY_REQUIRED");
  assert.equal(await codeOf(open, "192.0.2.7", null), null);
  assert.equal(await codeOf(strict, "192.0.2.7", made.value.secret), null);
  assert.equal(await codeOf(strict, "192.0.2.7", made.value.secret, "pump"), null);
  assert.equal(await codeOf(strict, "192.0.2.7", made.value.secret, "other"), "KEY_INVALID");
  assert.equal(await codeOf(open, "127.0.0.1", "wrong"), "KEY_INVALID");
});

test("an address that tries wrong keys has to wait, and others need not", async () => {
  let now = 0;
  const access = createAccess({ keys: openKeys({ path: null, now: () => 0 }), allowAnonymous: false, now: () => now });
  const attempt = async (remoteAddress: string): Promise<string> => {
    const peer = await access.authenticate({ secret: "wrong", remoteAddress });
    return peer.ok ? "" : peer.refusal.code;
  };
  const codes: string[] = [];
  for (let n = 0; n < 12; n += 1) codes.push(await attempt("192.0.2.7"));
  assert.equal(codes[0], "KEY_INVALID");
  assert.equal(codes.at(-1), "TOO_MANY_ATTEMPTS");
  assert.equal(await attempt("192.0.2.8"), "KEY_INVALID");
  now = 60_000;
  assert.equal(await attempt("192.0.2.7"), "KEY_INVALID");
});

test("an address that connects too often is held up, this machine never", () => {
  const access = createAccess({ keys: openKeys({ path: null, now: () => 0 }), allowAnonymous: true, now: () => 0 });
  const admitted = (address: string): number => Array.from({ length: 1000 }, () => access.admit(address)).filter(({ ok }) => ok).length;
  assert.equal(admitted("192.0.2.7"), 200);
  assert.equal(admitted("127.0.0.1"), 1000);
});

test("when a key was last used is known for as long as the hub runs, and wrong secrets are no use of it", async () => {
  let now = 1000;
  const keys = openKeys({ path: null, now: () => now });
  const made = await keys.add(ALL);
  assert.ok(made.ok);
  assert.equal(keys.lastUsedAt(made.value.key.name), null);
  now = 2000;
  await keys.verify(made.value.secret);
  now = 3000;
  await keys.verify(`${made.value.secret.slice(0, -2)}--`);
  assert.equal(keys.lastUsedAt(made.value.key.name), 2000);
  assert.equal(keys.lastUsedAt("none"), null);
});

test("a key that is switched off while its secret is being checked lets nobody in", async () => {
  const keys = openKeys({ path: null, now: () => 0 });
  const made = await keys.add(ALL);
  assert.ok(made.ok);
  const checking = keys.verify(made.value.secret);
  keys.enable(made.value.key.name, false);
  assert.equal(await checking, null);
});
