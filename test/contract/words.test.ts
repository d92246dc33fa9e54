import assert from "node:assert/strict";
import { test } from "node:test";
import { toWords } from "../../main/contract/words.ts";

test("words are runs of letters, digits and underscores, in lower case", () => {
  assert.deepEqual(toWords('{"user_id": 42, "Name":"A-b.C"}'), ["user_id", "42", "name", "a", "b", "c"]);
  assert.deepEqual(toWords(""), []);
  assert.deepEqual(toWords("--- !? \u0000"), []);
});

test("marks and compatibility forms are folded", () => {
  assert.deepEqual(toWords("M\u00fcller-2"), ["muller", "2"]);
  assert.deepEqual(toWords("Mu\u0308ller"), ["muller"]);
  assert.deepEqual(toWords("\uff21\uff22\uff23"), ["abc"]);
  assert.deepEqual(toWords("\ufb01le"), ["file"]);
  assert.deepEqual(toWords("\u0130stanbul"), ["istanbul"]);
});

test("scripts without case or spaces stay as they are", () => {
  assert.deepEqual(toWords("\u6e29\u5ea6 \u0442\u0435\u0441\u0442"), ["\u6e29\u5ea6", "\u0442\u0435\u0441\u0442"]);
});

test("the words of words are the same words, so that index and search agree", () => {
  for (const text of [
    "M\u00fcller \u0130\u0131 \u212a\u00df\u1e9e \ufb01\u00bc x\u00b2",
    "\u1f88\u03a3\u03c2 \ud800 \u{1d54f}",
    "\ud55c\uad6d\uc5b4 \u0939\u093f",
  ]) {
    const words = toWords(text);
    assert.ok(words.length > 0);
    assert.deepEqual(toWords(words.join(" ")), words);
  }
});
