import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { parseLicences } from "../../renderer/format/licences.ts";
import { collectLicences } from "../../scripts/licences.ts";

test("the list of licences has every package that is built in, and what those need, each once and with its text", () => {
  const licences = collectLicences(resolve("."));
  const names = licences.map(({ name }) => name);
  for (const carried of ["aedes", "better-sqlite3", "react", "react-aria-components", "@codemirror/view", "engine.io"])
    assert.ok(names.includes(carried), `${carried} is missing`);
  assert.ok(!names.includes("typescript"), "what only builds is no part of the program");
  assert.equal(new Set(names).size, names.length);
  assert.match(licences.find(({ name }) => name === "react")!.text, /Permission is hereby granted/);
  assert.deepEqual(parseLicences(JSON.parse(JSON.stringify(licences))), licences);
  assert.equal(parseLicences({ error: {} }), null);
});
