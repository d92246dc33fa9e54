import assert from "node:assert/strict";
import { test } from "node:test";
import type { TopicNode } from "../../main/contract/topic-view.ts";
import { findByName, levelsAbove, toSearchLevels, toTopicRows, type TreeLevels } from "../../renderer/format/topic-rows.ts";

function node(topic: string, below = 0): TopicNode {
  const name = topic.slice(topic.lastIndexOf("/") + 1);
  const nothing = { count: 0, perSecond: 0, lastSeq: 1, lastAt: 1, preview: null, retained: false, retainedId: null };
  return { name, topic, isTopic: below === 0, below, ...nothing };
}

const LEVELS: TreeLevels = new Map([
  [null, { nodes: [node("a", 2), node("b")], more: false, status: "ready" }],
  ["a", { nodes: [node("a/x"), node("a/y", 5)], more: true, status: "ready" }],
]);

test("open levels become rows with their place among siblings, which is not known while there are more", () => {
  const { rows, rowOf } = toTopicRows(LEVELS, (topic) => topic === "a" || topic === "a/y");
  assert.deepEqual(
    rows.map((row) =>
      row.kind === "node" ? [row.node.topic, row.depth, row.position, row.siblings, row.isOpen] : [row.parent, row.status],
    ),
    [
      ["a", 0, 1, 2, true],
      ["a/x", 1, 1, -1, null],
      ["a/y", 1, 2, -1, true],
      ["a/y", "loading"],
      ["a", "ready"],
      ["b", 0, 2, 2, null],
    ],
  );
  assert.equal(rowOf.get("b"), 5);
  assert.equal(toTopicRows(LEVELS, () => false).rows.length, 2);
});

test("what was found is a tree of its own, with levels that are no topics themselves", () => {
  const levels = toSearchLevels(["a/x", "a", "a/y/z", "/s"]);
  const { rows } = toTopicRows(levels, () => true);
  assert.deepEqual(
    rows.map((row) => row.kind === "node" && [row.node.topic, row.node.name, row.node.isTopic, row.node.below]),
    [
      ["a", "a", true, 2],
      ["a/x", "x", true, 0],
      ["a/y", "y", false, 1],
      ["a/y/z", "z", true, 0],
      ["", "", false, 1],
      ["/s", "s", true, 0],
    ],
  );
  assert.deepEqual([levelsAbove("a/b/c"), levelsAbove("a"), levelsAbove("/a")], [["a", "a/b"], [], [""]]);
});

test("letters lead to the next name that begins with them, round to the top, in any case", () => {
  const { rows } = toTopicRows(LEVELS, (topic) => topic === "a");
  assert.deepEqual([findByName(rows, 1, "Y"), findByName(rows, 4, "x"), findByName(rows, 0, "q"), findByName([], 0, "a")], [2, 1, -1, -1]);
});
