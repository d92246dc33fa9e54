import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestPoint, replacePoints, summarise, toChartSpan, toColumns } from "../../renderer/format/history-series.ts";
import { diffLines } from "../../renderer/format/line-diff.ts";
import { toChange, toFieldName, toNumber } from "../../renderer/format/number.ts";
import { checkPayload } from "../../renderer/format/payload-check.ts";
import { publishCommands, subscribeCommands } from "../../renderer/format/topic-commands.ts";
import { withPolicy } from "../../renderer/format/topic-policy.ts";
import { toTopicTerm } from "../../renderer/format/topic-term.ts";
import { toValueChange } from "../../renderer/format/value-change.ts";

const point = (at: number, avg: number, count = 1) => ({ at, avg, min: avg - 1, max: avg + 1, count });

test("a span is cut into about three hundred buckets of a length that people read easily", () => {
  const hour = toChartSpan(1_700_000_000_000 - 3_600_000, 1_700_000_000_000);
  assert.equal(hour.bucketMs, 15_000);
  assert.deepEqual([hour.from % 15_000, hour.to % 15_000, hour.to > 1_700_000_000_000], [0, 0, true]);
  assert.equal(toChartSpan(0, 24 * 3_600_000).bucketMs, 300_000);
  assert.equal(toChartSpan(5, 5).bucketMs, 1);
  assert.equal(toChartSpan(0, 300 * 86_400_000 * 20).bucketMs % 86_400_000, 0);
});

test("a line is broken where events were missing for unusually long, and nowhere else", () => {
  const columns = toColumns([point(0, 1), point(10, 2), point(30, 3), point(500, 4)], 10);
  assert.deepEqual(columns.at, [5, 15, 35, 40, 505]);
  assert.deepEqual(columns.mean, [1, 2, 3, null, 4]);
  assert.deepEqual(columns.max, [2, 3, 4, null, 5]);
  assert.deepEqual(toColumns([], 10).at, []);
});

test("points of a stretch are replaced by newer ones, put in words, and found by the time one points at", () => {
  const points = replacePoints([point(0, 1), point(10, 2), point(20, 3)], 10, 20, [point(12, 9, 3)]);
  assert.deepEqual(
    points.map(({ at }) => at),
    [0, 12, 20],
  );
  assert.deepEqual(summarise(points), { min: 0, max: 10, mean: 31 / 5, count: 5 });
  assert.equal(summarise([]), null);
  assert.deepEqual([nearestPoint(points, 16, 10, 5)?.at, nearestPoint(points, 100, 10, 5)], [12, null]);
});

test("numbers are written with as many digits as say something", () => {
  const written = [21.456, 1013.25, 0.000_012_3, 1_234_567, 0, -3.14159, 2.5e12, 0.1 + 0.2];
  assert.deepEqual(written.map(toNumber), ["21.46", "1,013.3", "1.23e-5", "1,234,567", "0", "-3.142", "2.5e+12", "0.3"]);
  assert.deepEqual([0.3 - 0.1, -2, 0].map(toChange), ["+0.2", "−2", ""]);
  assert.deepEqual(["", "/a/b~1c", "/list/0/x"].map(toFieldName), ["value", "a.b/c", "list[0].x"]);
});

test("a change is said by how much for numbers, by field for flat JSON, and not at all where nothing can be said", () => {
  assert.deepEqual(toValueChange("20", "21.5"), { kind: "up", text: "+1.5" });
  assert.deepEqual(toValueChange("on", "on"), { kind: "same", text: "same" });
  assert.deepEqual(toValueChange('{"t":2,"a":1}', '{"t":1,"a":1}'), { kind: "down", text: "t −1" });
  assert.deepEqual(toValueChange('{"s":"on","x":1,"l":[]}', '{"s":"off","l":[1],"n":null}'), {
    kind: "other",
    text: 's → "off", x gone, l and 1 more',
  });
  assert.deepEqual([toValueChange("on", "off"), toValueChange(null, "1"), toValueChange('{"cut', '{"cut off')], [null, null, null]);
});

test("two texts are told apart line by line", () => {
  const marks = (before: string, now: string): string =>
    diffLines(before, now)
      .map(({ kind, text }) => ({ same: " ", gone: "-", new: "+" })[kind] + text)
      .join("");
  assert.equal(marks("a\nb\nc", "a\nx\nc"), " a-b+x c");
  assert.equal(marks("a\nb", "a\nb"), " a b");
  assert.equal(marks("", "a"), "-+a");
  assert.equal(marks("1\n2\n3\n4\n5", "1\n3\n4\nnew\n5"), " 1-2 3 4+new 5");
  const long = Array.from({ length: 3000 }, (_, at) => at).join("\n");
  assert.equal(diffLines(long, long.replaceAll("1", "x")).filter(({ kind }) => kind === "gone").length > 0, true);
});

test("a payload says what it looks like, and where JSON is wrong", () => {
  assert.deepEqual(checkPayload("", ""), { kind: "empty", fault: null, contentType: null });
  assert.deepEqual(checkPayload("21.5", ""), { kind: "text", fault: null, contentType: null });
  assert.deepEqual(checkPayload("some words", ""), { kind: "text", fault: null, contentType: "text/plain" });
  assert.deepEqual(checkPayload('{"a":1}', ""), { kind: "json", fault: null, contentType: "application/json" });
  const wrong = checkPayload('{\n  "a": 1,\n}', "");
  assert.equal(wrong.kind, "bad-json");
  assert.match(wrong.fault!, /at line 3, character 1$/);
  assert.equal(checkPayload("oops", "application/json").kind, "bad-json");
});

test("commands have the real addresses, and names that a shell would take apart are quoted", () => {
  const addresses = { mqtt: { host: "127.0.0.1", port: "1884" }, http: "http://127.0.0.1:4800" };
  assert.deepEqual(
    subscribeCommands("home/my room/#", addresses).map(({ command }) => command),
    ["mosquitto_sub -h 127.0.0.1 -p 1884 -t 'home/my room/#' -v", "curl -N 'http://127.0.0.1:4800/sse?topic=home%2Fmy%20room%2F%23'"],
  );
  assert.deepEqual(
    publishCommands("a/ü", "x y", { mqtt: { host: "[::1]", port: "1883" }, http: null }).map(({ command }) => command),
    ["mosquitto_pub -h ::1 -t 'a/ü' -m 'x y'"],
  );
  assert.deepEqual(subscribeCommands("a", { mqtt: null, http: null }), []);
});

test("a topic gets a rule of its own only where the others say something else", () => {
  const rules = [
    { filter: "home/#", policy: "last" },
    { filter: "plant/#", policy: "none" },
  ] as const;
  assert.deepEqual(withPolicy(rules, "home/a", "home/a", "last"), rules);
  assert.deepEqual(withPolicy(rules, "home/a", "home/a", "all"), [{ filter: "home/a", policy: "all" }, ...rules]);
  const own = withPolicy(rules, "home/a", "home/a", "none");
  assert.deepEqual(withPolicy(own, "home/a", "home/a", "last"), rules);
  assert.deepEqual(withPolicy([], "x", "x", "all"), []);
});

test("a topic is asked for in the filter language, with a wildcard where the language would take it apart", () => {
  assert.deepEqual(["a/b", "a b/c", 'a,b/c"d/e'].map(toTopicTerm), ["topic:a/b", 'topic:"a b/c"', "topic:+/+/e"]);
});
