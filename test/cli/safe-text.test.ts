import assert from "node:assert/strict";
import { test } from "node:test";
import { toJsonLine, toSafeLine, toSafeText } from "../../main/cli/safe-text.ts";

const HOSTILE = "a\u001b[2Jb\u009b31mc\u0007d\u202ee\u2066f\u2028g\u007fh\ud800i";

/** Everything that could drive a terminal or reorder what it shows. */
const DANGEROUS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]/;

test("on a line, controls and direction marks become visible escapes", () => {
  assert.equal(toSafeLine(HOSTILE), "a\\x1b[2Jb\\x9b31mc\\x07d\\u202ee\\u2066f\\u2028g\\x7fh\\ud800i");
  assert.equal(toSafeLine("one\r\ntwo\tthree"), "one\\x0d\\x0atwo\\x09three");
});

test("whole characters beyond the basic plane stay as they are", () => {
  assert.equal(toSafeLine("naïve 🦊 日本"), "naïve 🦊 日本");
});

test("in a text, tabs and line feeds stay, and a lone carriage return cannot overwrite the line", () => {
  assert.equal(toSafeText("a\tb\r\nc\rd"), "a\tb\nc\\x0dd");
  assert.doesNotMatch(toSafeText(HOSTILE), DANGEROUS);
});

test("a JSON line is safe to look at and still says the same", () => {
  const line = toJsonLine({ preview: HOSTILE });
  assert.doesNotMatch(line.trimEnd(), DANGEROUS);
  assert.deepEqual(JSON.parse(line), { preview: HOSTILE });
});
