import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFilter } from "../../main/contract/filter.ts";
import { suggestTerms } from "../../renderer/format/filter-completion.ts";
import { fieldOf, joinTerms, splitTerms, toggleTerm, withTerms, withoutField } from "../../renderer/format/filter-terms.ts";

const KNOWN = { topics: ["webhooks/github/push", "webhooks/github/ping", "home/living room"], sources: ["github", "stripe"] };
const inserts = (term: string): string[] => suggestTerms(term, KNOWN).map((one) => one.insert);

test("an empty word offers every field, a started one those that begin so", () => {
  assert.ok(inserts("").includes("topic:"));
  assert.deepEqual(inserts("s").sort(), ["size:", "source:", "state:", "status:"]);
  assert.deepEqual(inserts("-so"), ["-source:"]);
  assert.equal(suggestTerms("so", KNOWN)[0]!.complete, false);
});

test("a field offers its choices, the hub's own names, and goes on after a comma", () => {
  assert.equal(inserts("verdict:f")[0], "verdict:failed");
  assert.deepEqual(inserts("source:"), ["source:github", "source:stripe"]);
  assert.deepEqual(inserts("source:github,s"), ["source:github,stripe"]);
  assert.ok(inserts("status:").includes("status:>=400"));
});

test("topics are offered with the filters above them, quoted where they have spaces", () => {
  assert.equal(inserts("topic:web")[0], "topic:webhooks/#");
  assert.ok(inserts("topic:web").includes("topic:webhooks/github/push"));
  assert.ok(inserts("topic:liv").includes('topic:"home/living room"'));
});

test("everything that is offered as complete is a filter the hub understands", () => {
  const fields = suggestTerms("", KNOWN).map((one) => one.insert);
  for (const field of fields)
    for (const { insert, complete } of suggestTerms(field, KNOWN)) {
      assert.ok(complete, insert);
      const parsed = parseFilter(insert, 0);
      assert.ok(parsed.ok, insert);
      assert.equal(parsed.value.length, 1, insert);
    }
});

test("a line cut into terms and joined again means the same", () => {
  for (const line of [
    'topic:a/# -source:x "free text" word*',
    'source:"a b" status:>=400',
    'https://x.y/z "un closed',
    '-"not this" size:>10k',
  ]) {
    const whole = parseFilter(line, 0);
    assert.deepEqual(parseFilter(joinTerms(splitTerms(line)), 0), whole, line);
  }
});

test("terms are put in, replaced and taken out by field", () => {
  const line = 'source:github "free text"';
  assert.equal(withTerms(line, { source: "a b" }), '"free text" source:"a b"');
  assert.equal(withoutField(line, "source"), '"free text"');
  assert.equal(toggleTerm(line, "source", "github"), '"free text"');
  assert.equal(toggleTerm(line, "source", "stripe"), '"free text" source:stripe');
  assert.equal(fieldOf("-Source:x"), "source");
  assert.equal(fieldOf("word"), null);
});
