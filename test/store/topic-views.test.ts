import assert from "node:assert/strict";
import { test } from "node:test";
import { numericFields, toJsonPaths } from "../../main/store/numeric-fields.ts";
import { eventually } from "../support/eventually.ts";
import { appendAll, newEvent, testStores } from "../support/test-store.ts";

test("a level of the topic tree has each name once, with what is below it and its own newest value", async (t) => {
  const { log } = await testStores(t).open();
  const topics = ["home", "home/kitchen/light", "home/kitchen/heat", "home-2", "home/hall", "a", "home"];
  await appendAll(
    log,
    topics.map((topic, index) => newEvent({ topic, receivedAt: 1000 + index, body: Buffer.from(`v${index}`) })),
  );
  const look = async (): Promise<void> => {
    const first = await log.topicLevel(null, 10);
    assert.deepEqual(
      first.nodes.map(({ name, isTopic, below, lastSeq, preview }) => [name, isTopic, below, lastSeq, preview]),
      [
        ["a", true, 0, 6, "v5"],
        ["home", true, 3, 7, "v6"],
        ["home-2", true, 0, 4, "v3"],
      ],
    );
    const below = await log.topicLevel("home", 10);
    assert.deepEqual(
      below.nodes.map(({ topic, isTopic, lastAt, preview }) => [topic, isTopic, lastAt, preview]),
      [
        ["home/hall", true, 1004, "v4"],
        ["home/kitchen", false, 1002, null],
      ],
    );
    assert.deepEqual(await log.topicLevel("nothing", 10), { nodes: [], more: false });
    const cut = await log.topicLevel(null, 2);
    assert.deepEqual([cut.nodes.length, cut.more], [2, true]);
  };
  await look();
  await eventually("the index has caught up", () => log.status().indexLag === 0);
  await look();
});

test("what has very many topics below it is counted to a bound, and what stands behind it is still found", async (t) => {
  const { log } = await testStores(t).open();
  const many = Array.from({ length: 1500 }, (_, index) => newEvent({ topic: `many/${index}` }));
  await appendAll(log, [...many, newEvent({ topic: "next" }), newEvent({ topic: "many0" })]);
  const { nodes } = await log.topicLevel(null, 10);
  assert.deepEqual(
    nodes.map(({ name, below }) => [name, below]),
    [
      ["many", 1000],
      ["many0", 0],
      ["next", 0],
    ],
  );
});

test("a level is read page by page, each name once and none left out, whatever characters names have", async (t) => {
  const { log } = await testStores(t).open();
  const names = ["a", "a b", "a!x", "a-b", "a-b-c", "a.b", "a0", "b", "", "z\u{1f600}", "z\uffee"];
  const leaves = names.flatMap((name, at) => (at % 2 === 0 ? [`p/${name}/deep/${at}`] : [`p/${name}`, `p/${name}/x`]));
  const many = Array.from({ length: 700 }, (_, at) => `p/n-${at}/v`);
  await appendAll(
    log,
    [...leaves, ...many, "p", "p-q", "q"].map((topic) => newEvent({ topic })),
  );
  const wanted = [...names, ...Array.from({ length: 700 }, (_, at) => `n-${at}`)].sort((x, y) =>
    Buffer.compare(Buffer.from(x), Buffer.from(y)),
  );
  for (const limit of [1, 3, 100, 1000]) {
    const read: string[] = [];
    for (let after: string | null = null, more = true; more && read.length <= wanted.length;) {
      const page: Awaited<ReturnType<typeof log.topicLevel>> = await log.topicLevel("p", limit, after);
      read.push(...page.nodes.map(({ name }) => name));
      assert.ok(
        page.nodes.every(({ below }) => below === 1),
        `limit ${limit}`,
      );
      after = read.at(-1)!;
      more = page.more;
      if (limit < 3 && read.length > 20) break;
    }
    assert.deepEqual(read, wanted.slice(0, read.length), `limit ${limit}`);
    if (limit >= 3) assert.equal(read.length, wanted.length);
  }
  const slash = await log.topicLevel("", 10);
  assert.deepEqual(slash, { nodes: [], more: false });
});

test("a topic that begins with a slash stands below a level without a name", async (t) => {
  const { log } = await testStores(t).open();
  await appendAll(log, [newEvent({ topic: "/a" }), newEvent({ topic: "b" })]);
  const first = await log.topicLevel(null, 10);
  assert.deepEqual(
    first.nodes.map(({ name, topic, isTopic, below }) => [name, topic, isTopic, below]),
    [
      ["", "", false, 1],
      ["b", "b", true, 0],
    ],
  );
  assert.deepEqual(
    (await log.topicLevel("", 10)).nodes.map(({ name, topic }) => [name, topic]),
    [["a", "/a"]],
  );
});

test("lines of the tree have their newest values, of the first field that measures something", async (t) => {
  const { log } = await testStores(t).open();
  const bodies = ['{"ts":1,"t":20.5}', "no json", '{"ts":2}', '{"t":"x"}', '{"ts":3,"t":21}'];
  await appendAll(log, [
    ...bodies.map((body, at) => newEvent({ topic: "s/one", receivedAt: 1000 + at, body: Buffer.from(body) })),
    newEvent({ topic: "s/one", state: "refused", body: Buffer.from('{"t":99}') }),
    newEvent({ topic: "s/text", body: Buffer.from("hello") }),
    ...Array.from({ length: 5 }, (_, at) => newEvent({ topic: "s", body: Buffer.from(String(at)) })),
  ]);
  const look = async (): Promise<void> => {
    const { nodes, known } = await log.topicNodes(["s/one", "s", "s/text", "none"], 3);
    assert.equal(known, 3);
    assert.deepEqual(
      nodes.map(({ topic, isTopic, below, lastSeq, recent }) => [topic, isTopic, below, lastSeq, recent]),
      [
        ["s/one", true, 0, 6, { field: "/t", values: [21] }],
        ["s", true, 2, 12, { field: "", values: [2, 3, 4] }],
        ["s/text", true, 0, 7, null],
        ["none", false, 0, 0, null],
      ],
    );
  };
  await look();
  await eventually("the index has caught up", () => log.status().indexLag === 0);
  await look();
});

test("topics are found by text in any case, and by a filter with wildcards", async (t) => {
  const { log } = await testStores(t).open();
  await appendAll(
    log,
    ["home/Kitchen/light", "home/hall/light", "away"].map((topic) => newEvent({ topic })),
  );
  const found = async (search: string) => (await log.topics("", 10, search)).topics.map(({ topic }) => topic);
  assert.deepEqual(await found("kitchen"), ["home/Kitchen/light"]);
  assert.deepEqual(await found("home/+/light"), ["home/Kitchen/light", "home/hall/light"]);
  assert.deepEqual(await found("+"), ["away"]);
  assert.deepEqual(await found("nothing"), []);
  assert.deepEqual((await log.topics("", 1, "light")).more, true);
});

test("a numeric field's history has least, greatest and mean per bucket; what is no number is left out", async (t) => {
  const { log } = await testStores(t).open();
  const bodies = ['{"t":{"c":1}}', '{"t":{"c":3}}', '{"t":{"c":true}}', "no json", '{"t":{"c":"9"}}', '{"t":{"c":10.5},"n":[7]}'];
  await appendAll(log, [
    ...bodies.map((body, index) => newEvent({ topic: "x", receivedAt: 1000 + index * 100, body: Buffer.from(body) })),
    newEvent({ topic: "y", receivedAt: 1100, body: Buffer.from('{"t":{"c":99}}') }),
    newEvent({ topic: "x", receivedAt: 1100, state: "refused", body: Buffer.from('{"t":{"c":99}}') }),
    newEvent({ topic: "x", receivedAt: 5000, body: Buffer.from('{"t":{"c":-1},"n":[8]}') }),
  ]);
  const look = async (): Promise<void> => {
    const history = await log.history({ topic: "x", from: 1000, to: 2000, buckets: 5, field: undefined });
    assert.ok(history.ok);
    assert.deepEqual(history.value, {
      from: 1000,
      to: 2000,
      bucketMs: 200,
      fields: ["/t/c", "/n/0"],
      field: "/t/c",
      points: [
        { at: 1000, min: 1, max: 3, avg: 2, count: 2 },
        { at: 1400, min: 10.5, max: 10.5, avg: 10.5, count: 1 },
      ],
      complete: true,
      knownFrom: 1000,
    });
    const inList = await log.history({ topic: "x", from: 1000, to: 2000, buckets: 1, field: "/n/0" });
    assert.ok(inList.ok);
    assert.deepEqual(inList.value.points, [{ at: 1000, min: 7, max: 7, avg: 7, count: 1 }]);
  };
  await look();
  await eventually("the index has caught up", () => log.status().indexLag === 0);
  await look();
});

test("a payload that is a number is its own field, and a topic without numbers has none", async (t) => {
  const { log } = await testStores(t).open();
  await appendAll(log, [
    newEvent({ topic: "plain", receivedAt: 1000, body: Buffer.from("21.5") }),
    newEvent({ topic: "text", receivedAt: 1000, body: Buffer.from("hello") }),
  ]);
  const of = (topic: string) => log.history({ topic, from: 0, to: 2000, buckets: 1, field: undefined });
  const [plain, text, unknown] = await Promise.all([of("plain"), of("text"), of("unknown")]);
  assert.ok(plain.ok && text.ok && unknown.ok);
  assert.deepEqual([plain.value.field, plain.value.points], ["", [{ at: 0, min: 21.5, max: 21.5, avg: 21.5, count: 1 }]]);
  assert.deepEqual([text.value.field, unknown.value.fields], [null, []]);
  const wrong = await log.history({ topic: "plain", from: 0, to: 2000, buckets: 1, field: "no-pointer" });
  assert.ok(!wrong.ok && wrong.refusal.code === "PARAMS_INVALID");
});

test("JSON pointers become SQLite's paths, whatever the names are", () => {
  assert.deepEqual(numericFields('{"a/b":{"~":1},"c":[1,{"d":2}],"e":"3","\\"":4}'), ["/a~1b/~0", "/c/0", "/c/1/d"]);
  assert.deepEqual(numericFields('{"ts":1,"value":2,"sent_at":3,"id":4,"humidity":5}'), ["/value", "/humidity", "/ts", "/sent_at", "/id"]);
  assert.deepEqual(toJsonPaths("/a~1b/~0"), ['$."a/b"."~"', '$."a/b"."~"']);
  assert.deepEqual(toJsonPaths("/c/1/d"), ['$."c"[1]."d"', '$."c"."1"."d"']);
  assert.deepEqual([toJsonPaths(""), toJsonPaths('/"'), toJsonPaths("x")], [["$", "$"], null, null]);
});
