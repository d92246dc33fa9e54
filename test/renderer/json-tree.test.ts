import assert from "node:assert/strict";
import { test } from "node:test";
import { indexJson, readNode, type JsonIndex } from "../../renderer/format/json-index.ts";
import { toPrettyJson } from "../../renderer/format/json-pretty.ts";
import { createJsonRows } from "../../renderer/format/json-rows.ts";

function indexed(text: string): JsonIndex {
  const index = indexJson(text);
  if ("fault" in index) assert.fail(`${index.fault} at ${index.offset}`);
  return index;
}

const SAMPLES = [
  "{}",
  "[]",
  " null ",
  '""',
  "-0.5e+3",
  '{"a":{"b":[1,2,{"c":[]}]},"a":"doubled"}',
  '[[[[]]],{},{"":0}]',
  '["\\u00e9\\n\\"\\\\",true,false,null]',
  '\n{\t"x" : [ 1 ,\r\n2 ] }',
];

test("what JSON.parse takes is indexed, and what it refuses is refused", () => {
  for (const text of SAMPLES) {
    assert.doesNotThrow(() => JSON.parse(text));
    indexed(text);
  }
  const bad = [
    "",
    " ",
    "{",
    "[1,]",
    '{"a":}',
    '{"a" 1}',
    "{a:1}",
    "[1 2]",
    "01",
    "1.",
    "+1",
    "nul",
    '"\\x"',
    '"\\u12"',
    '"a\nb"',
    '"open',
    "[1]]",
    "{}{}",
    "'a'",
    '{"a":1,}',
    "]",
    ",",
  ];
  for (const text of bad) {
    assert.throws(() => JSON.parse(text), text);
    const result = indexJson(text);
    assert.ok("fault" in result, text);
    assert.ok(result.offset >= 0 && result.offset <= text.length, text);
  }
});

test("pretty-printing changes white space and nothing else", () => {
  for (const text of SAMPLES) {
    const pretty = toPrettyJson(text, indexed(text));
    assert.deepEqual(JSON.parse(pretty), JSON.parse(text), text);
  }
  const exact = '{"big":12345678901234567890,"a":1.10,"a":2,"k\\"\\\\":"\\u0041"}';
  assert.equal(
    toPrettyJson(exact, indexed(exact)),
    '{\n  "big": 12345678901234567890,\n  "a": 1.10,\n  "a": 2,\n  "k\\"\\\\": "\\u0041"\n}',
  );
});

test("numbers keep every digit and doubled keys are all shown", () => {
  const text = '{"id":12345678901234567890,"id":0.10}';
  const rows = createJsonRows(text, indexed(text));
  rows.toggle(0);
  assert.deepEqual(
    [1, 2].map((at) => [rows.row(at).label, rows.row(at).text]),
    [
      ["id", "12345678901234567890"],
      ["id", "0.10"],
    ],
  );
});

test("a row opens to show its children and closes with all below it", () => {
  const text = '{"user":{"emails":["a","b"],"name":"x"},"n":1}';
  const rows = createJsonRows(text, indexed(text));
  rows.toggle(0);
  rows.toggle(1);
  rows.toggle(2);
  const labels = Array.from({ length: rows.count }, (_, at) => rows.row(at).label);
  assert.deepEqual(labels, [null, "user", "emails", "0", "1", "name", "n"]);
  assert.equal(rows.parentOf(4), 2);
  rows.toggle(1);
  assert.equal(rows.count, 3);
  rows.toggle(1);
  assert.equal(rows.row(2).expanded, false);
});

test("a path names keys and positions, with brackets where a name needs them", () => {
  const text = '{"user":{"e mails":[10,{"id":7}]}}';
  const index = indexed(text);
  const rows = createJsonRows(text, index);
  const [node] = rows.search("7", 10);
  assert.equal(rows.pathOf(node!), 'user["e mails"][1].id');
  assert.equal(rows.pathOf(0), "$");
  assert.equal(rows.row(rows.reveal(node!)).text, "7");
});

test("search finds keys and scalars in any case, and stops at its limit", () => {
  const text = JSON.stringify({ Alpha: [{ beta: "ALPHA male" }, "none"], gamma: 1 });
  const rows = createJsonRows(text, indexed(text));
  assert.equal(rows.search("alpha", 10).length, 2);
  assert.equal(rows.search("a", 1).length, 1);
  assert.deepEqual(rows.search("absent", 10), []);
});

test("opening everything stops before the limit", () => {
  const text = JSON.stringify(Array.from({ length: 50 }, () => Array.from({ length: 50 }, () => 1)));
  const rows = createJsonRows(text, indexed(text));
  rows.expandAll(300);
  assert.ok(rows.count > 51 && rows.count <= 300);
  rows.collapseAll();
  assert.equal(rows.count, 51);
});

test("nesting a hundred thousand deep neither overflows the stack nor loses a node", () => {
  const depth = 100_000;
  const index = indexed("[".repeat(depth) + "]".repeat(depth));
  assert.equal(index.count, depth);
  assert.equal(readNode("[".repeat(depth) + "]".repeat(depth), index, depth - 1).children, 0);
});
