import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesTopic, topicFault, topicFilterFault } from "../../main/contract/topic.ts";
import { createTopicIndex } from "../../main/hub/subscriptions.ts";

/** Every sequence of up to `depth` levels out of these, with what makes no sense left out. */
function sequences(levels: readonly string[], depth: number): string[] {
  let all: string[] = [...levels];
  let longest = all;
  for (let length = 2; length <= depth; length += 1) {
    longest = longest.flatMap((head) => levels.map((level) => `${head}/${level}`));
    all = [...all, ...longest];
  }
  return all;
}

const FILTERS = sequences(["a", "b", "", "$x", "+", "#"], 4).filter((filter) => topicFilterFault(filter) === null);
const TOPICS = sequences(["a", "b", "", "$x"], 4).filter((topic) => topicFault(topic) === null);

test("the index finds the same filters as matching one by one, for every topic and filter of up to four levels", () => {
  const index = createTopicIndex<string>();
  for (const filter of FILTERS) index.add(filter, filter);
  assert.equal(index.size(), FILTERS.length);
  for (const topic of TOPICS) {
    const found: string[] = [];
    index.match(topic, (filter) => found.push(filter));
    const expected = FILTERS.filter((filter) => matchesTopic(filter, topic));
    assert.deepEqual(
      found.sort((a, b) => (a < b ? -1 : 1)),
      expected.sort((a, b) => (a < b ? -1 : 1)),
      topic,
    );
  }
});

test("what is taken out is not found, and what stays is", () => {
  const index = createTopicIndex<string>();
  const removals = new Map(FILTERS.map((filter) => [filter, index.add(filter, filter)]));
  const kept = FILTERS.filter((_, position) => position % 3 === 0);
  for (const filter of FILTERS) if (!kept.includes(filter)) removals.get(filter)?.();
  assert.equal(index.size(), kept.length);
  for (const topic of TOPICS.slice(0, 100)) {
    const found: string[] = [];
    index.match(topic, (filter) => found.push(filter));
    assert.equal(found.length, kept.filter((filter) => matchesTopic(filter, topic)).length, topic);
  }
});

test("one value may stand under one filter twice, and each removal takes one", () => {
  const index = createTopicIndex<string>();
  const first = index.add("a/+", "me");
  index.add("a/+", "me");
  const count = (): number => {
    let found = 0;
    index.match("a/b", () => (found += 1));
    return found;
  };
  assert.equal(count(), 2);
  first();
  first();
  assert.equal(count(), 1);
  assert.equal(index.size(), 1);
});

test("a filter added again after its levels were cleared away is found", () => {
  const index = createTopicIndex<number>();
  const remove = index.add("a/b/c", 1);
  const other = index.add("a/b", 2);
  remove();
  other();
  index.add("a/b/c", 3);
  const found: number[] = [];
  index.match("a/b/c", (value) => found.push(value));
  assert.deepEqual(found, [3]);
});
