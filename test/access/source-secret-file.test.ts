import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openSourceSecretFile } from "../../main/access/source-secret-file.ts";
import { RefusalError } from "../../main/contract/errors.ts";
import { tempFolder } from "../support/temp-folder.ts";

const SECRET = { name: "first", use: "signature", value: "s3cret", addedAt: 1, expiresAt: null } as const;
const OLD = { name: "first.old", use: "signature", value: "older", addedAt: 0, expiresAt: 99 } as const;

test("secrets are there again when the file is opened anew, and only their owner may read it", (t) => {
  const path = join(tempFolder(t), "source-secrets.json");
  const file = openSourceSecretFile(path);
  file.set("shop", [SECRET, OLD]);
  file.set("zoo", [SECRET]);
  file.set("zoo", []);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual([...openSourceSecretFile(path).all()], [["shop", [SECRET, OLD]]]);
});

test("what cannot be written is not taken", (t) => {
  const folder = tempFolder(t);
  const path = join(folder, "source-secrets.json");
  const file = openSourceSecretFile(path);
  file.set("shop", [SECRET]);
  mkdirSync(`${path}.new`); // where the draft would go
  assert.throws(() => file.set("shop", [OLD]));
  assert.deepEqual([...file.all()], [["shop", [SECRET]]]);
  assert.match(readFileSync(path, "utf8"), /s3cret/);
});

test("a file that cannot be understood is refused without a word of what is in it", (t) => {
  const folder = tempFolder(t);
  for (const [index, text] of [
    "s3cret",
    '{"sources":',
    "{}",
    '{"sources":{"shop":"s3cret"}}',
    '{"sources":{"../x":[]}}',
    '{"sources":{"shop":[{"name":"a","value":"s3cret"}]}}',
    '{"sources":{"shop":[{"name":"","value":"s3cret"}]}}',
  ].entries()) {
    const path = join(folder, `${index}.json`);
    writeFileSync(path, text);
    assert.throws(
      () => openSourceSecretFile(path),
      (error) => error instanceof RefusalError && error.code === "CONFIG_INVALID" && !error.message.includes("s3cret"),
      text,
    );
  }
});
