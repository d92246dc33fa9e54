import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fingerprintOf, keyTypeOf, knownHostName, readKnownKeys, toKnownHostLine } from "../../main/tunnels/ssh/known-hosts.ts";
import { fingerprint, makeKey } from "../support/sshd.ts";
import { tempFolder } from "../support/temp-folder.ts";

const skip = existsSync("/usr/bin/ssh-keygen") ? false : "/usr/bin/ssh-keygen is not installed (Debian's package openssh-client)";

const blobOf = (path: string): Buffer => Buffer.from(readFileSync(`${path}.pub`, "utf8").split(" ")[1]!, "base64");

test("fingerprints and lines are those of OpenSSH", { skip }, (t) => {
  const folder = tempFolder(t);
  const key = makeKey(folder, "k");
  const blob = blobOf(key);
  assert.equal(fingerprintOf(blob), fingerprint(`${key}.pub`));
  assert.equal(keyTypeOf(blob), "ssh-ed25519");
  assert.equal(knownHostName("Host.Example", 22), "host.example");
  const file = join(folder, "known_hosts");
  writeFileSync(file, toKnownHostLine(knownHostName("host.example", 2222), blob));
  assert.match(execFileSync("ssh-keygen", ["-F", "[host.example]:2222", "-f", file], { encoding: "utf8" }), /found: line 1/);
});

test("names that ssh-keygen has hashed are found", { skip }, (t) => {
  const folder = tempFolder(t);
  const [one, two] = [blobOf(makeKey(folder, "one")), blobOf(makeKey(folder, "two"))];
  const file = join(folder, "known_hosts");
  writeFileSync(file, toKnownHostLine("a.example", one) + toKnownHostLine("[b.example]:2222", two));
  execFileSync("ssh-keygen", ["-H", "-f", file], { stdio: "ignore" });
  const text = readFileSync(file, "utf8");
  assert.match(text, /^\|1\|/);
  assert.equal(readKnownKeys([text], "a.example").check(one), "known");
  assert.equal(readKnownKeys([text], "a.example").check(two), "changed");
  assert.equal(readKnownKeys([text], "[b.example]:2222").check(two), "known");
  assert.equal(readKnownKeys([text], "c.example").check(two), "unknown");
});

test("patterns, negations, several names, revoked keys and comments are understood as ssh does", () => {
  const [good, bad] = [Buffer.from("good key"), Buffer.from("bad key")];
  const line = (hosts: string, key: Buffer, type = "ssh-ed25519"): string => `${hosts} ${type} ${key.toString("base64")} comment\n`;
  const check = (text: string, name: string, key: Buffer) => readKnownKeys([text], name).check(key);
  const wild = line("*.example,!evil.example,10.0.0.?", good);
  assert.equal(check(wild, "a.example", good), "known");
  assert.equal(check(wild, "10.0.0.7", good), "known");
  assert.equal(check(wild, "10.0.0.77", good), "unknown");
  assert.equal(check(wild, "evil.example", good), "unknown");
  assert.equal(check(wild, "aXexample", good), "unknown");
  assert.equal(check(`@revoked ${line("*", bad)}${line("a", bad)}`, "a", bad), "revoked");
  assert.equal(check(`@cert-authority ${line("a", good)}`, "a", good), "unknown");
  assert.equal(check(`# ${line("a", good)}\n\na\n`, "a", good), "unknown");
  const several = readKnownKeys([line("a", good), line("a", bad, "ssh-rsa")], "a");
  assert.deepEqual(several.keyTypes, ["ssh-ed25519", "ssh-rsa"]);
  assert.equal(several.check(bad), "known");
});
