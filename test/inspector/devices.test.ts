import assert from "node:assert/strict";
import { test } from "node:test";
import { connectInspector } from "../../main/contract/inspector.ts";
import type { SessionChanges } from "../../main/contract/session.ts";
import { RESULT_SCHEMAS } from "../../main/inspector/rest/result-schemas.ts";
import type { CallName, CallResult } from "../../main/contract/calls.ts";
import { MAX_SAVED_PAYLOADS } from "../../main/contract/payload.ts";
import { createSavedPayloads } from "../../main/hub/saved-payloads.ts";
import { createMemoryState } from "../support/memory-state.ts";
import { eventually } from "../support/eventually.ts";
import { createLinkPair } from "../support/link-pair.ts";
import { appendEvents, startInspectorOver, startTestInspector, type TestInspector } from "../support/test-inspector.ts";
import { testStores } from "../support/test-store.ts";

type Asked = Pick<TestInspector, "ask">;

/** The answer, which has what its schema says and nothing beside. */
async function get<N extends CallName>(hub: Asked, name: N, path: string, body: object | null = null): Promise<CallResult<N>> {
  const response = await hub.ask(`/api/v1${path}`, body === null ? {} : post(body));
  const value = (await response.json()) as CallResult<N>;
  assert.ok(response.ok, JSON.stringify(value));
  assert.deepEqual(RESULT_SCHEMAS[name].parse(value), value);
  return value;
}

const post = (body: object) => ({ method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { code: string } }).error.code;
}

test("REST has keys made, listed without their secrets, and revoked", async (t) => {
  const hub = await startTestInspector(t);
  const made = await get(hub, "keys.add", "/keys", { name: "pump", publish: ["pumps/%k/#"], subscribe: [] });
  assert.match(made.secret, /^sbk_/);
  assert.deepEqual([made.publish, made.expiresAt], [["pumps/%k/#"], null]);
  const { secret: _secret, ...listed } = made;
  assert.deepEqual(await get(hub, "keys.list", "/keys"), { keys: [listed] });
  assert.equal(await codeOf(await hub.ask("/api/v1/keys", post({ name: "pump" }))), "KEY_EXISTS");
  assert.equal((await hub.ask("/api/v1/keys/pump", { method: "DELETE" })).status, 204);
  assert.equal(await codeOf(await hub.ask("/api/v1/keys/pump", { method: "DELETE" })), "KEY_NOT_FOUND");
  assert.deepEqual(await get(hub, "keys.list", "/keys"), { keys: [] });
});

test("a key is switched off and on again over REST", async (t) => {
  const hub = await startTestInspector(t);
  await get(hub, "keys.add", "/keys", { name: "pump" });
  const put = (name: string, body: object) => hub.ask(`/api/v1/keys/${name}/enabled`, { ...post(body), method: "PUT" });
  for (const enabled of [false, true]) {
    assert.equal(((await (await put("pump", { enabled })).json()) as { enabled: boolean }).enabled, enabled);
    const { keys } = await get(hub, "keys.list", "/keys");
    assert.deepEqual(
      keys.map((key) => key.enabled),
      [enabled],
    );
  }
  assert.equal(await codeOf(await put("none", { enabled: false })), "KEY_NOT_FOUND");
});

test("REST and the feed say who is connected; a session can be ended once", async (t) => {
  const hub = await startTestInspector(t);
  const entry = hub.hub.sessions.add({
    describe: () => ({
      name: "pump",
      protocol: "mqtt",
      version: "5",
      remoteAddress: "10.0.0.7",
      key: "pumps",
      queuedEvents: 3,
      queuedBytes: 40,
      subscriptions: ["a/#"],
      subscriptionCount: 1,
      will: { topic: "w", qos: 0, retain: true, sizeBytes: 1 },
    }),
    disconnect: () => entry.close(),
  });
  const [near, far] = createLinkPair();
  hub.inspector.attach(far, "trusted");
  const client = await connectInspector(near);
  const heard: SessionChanges[] = [];
  client.open("sessions", {}, { onItems: (items) => void heard.push(...items), onGap: () => {}, onEnd: () => {} });
  await eventually("it was told", () => heard.length > 0);
  const listed = await get(hub, "sessions.list", "/sessions?limit=5");
  assert.deepEqual(heard[0], { changed: listed.sessions, gone: [], total: 1 });
  assert.equal(listed.sessions[0]!.name, "pump");
  const path = `/api/v1/sessions/${listed.sessions[0]!.id}`;
  assert.equal((await hub.ask(path, { method: "DELETE" })).status, 204);
  assert.equal(await codeOf(await hub.ask(path, { method: "DELETE" })), "SESSION_NOT_FOUND");
  await eventually("the feed says so", () => heard.at(-1)!.total === 0);
  assert.deepEqual(
    heard.flatMap(({ gone }) => gone),
    [listed.sessions[0]!.id],
  );
  client.close();
});

test("REST has the topic tree with counts and retained marks, a field's history, and clears what is retained", async (t) => {
  const { log } = await testStores(t).open();
  const hub = await startInspectorOver(t, log);
  await appendEvents(hub.hub, [
    { topic: "home/kitchen", body: Buffer.from('{"c":20}'), receivedAt: 1000 },
    { topic: "home/kitchen", body: Buffer.from('{"c":22}'), receivedAt: 1100, retained: true },
    { topic: "away", body: Buffer.from("x") },
  ]);
  const tree = await get(hub, "topics.tree", "/topics/tree");
  assert.deepEqual(
    tree.nodes.map((node) => [node.name, node.isTopic, node.below, node.count, node.retained]),
    [
      ["away", true, 0, 1, false],
      ["home", false, 1, 2, false],
    ],
  );
  const below = await get(hub, "topics.tree", "/topics/tree?parent=home&limit=1");
  assert.deepEqual(below.nodes[0]!.preview, '{"c":22}');
  assert.equal(below.nodes[0]!.retained, true);
  const lines = await get(hub, "topics.nodes", "/topics/nodes", { topics: ["home", "home/kitchen"], recent: 5 });
  assert.deepEqual(
    lines.nodes.map((node) => [node.name, node.count, node.retained, node.recent]),
    [
      ["home", 2, false, null],
      ["kitchen", 2, true, { field: "/c", values: [20, 22] }],
    ],
  );
  assert.equal(lines.known, 2);
  const next = await get(hub, "topics.tree", "/topics/tree?after=away");
  assert.deepEqual(
    next.nodes.map(({ name }) => name),
    ["home"],
  );
  const history = await get(hub, "topics.history", "/topics/history?topic=home/kitchen&from=1000&to=2000&buckets=1");
  assert.deepEqual([history.field, history.points], ["/c", [{ at: 1000, min: 20, max: 22, avg: 21, count: 2 }]]);
  const backward = await hub.ask("/api/v1/topics/history?topic=a&from=2&to=1&buckets=1");
  assert.equal(await codeOf(backward), "PARAMS_INVALID");

  await get(hub, "topics.clearRetained", "/topics/clear-retained", { topic: "home/kitchen" });
  assert.equal((await get(hub, "topics.tree", "/topics/tree?parent=home")).nodes[0]!.retained, false);
  const clear = (topic: string) => hub.ask("/api/v1/topics/clear-retained", post({ topic }));
  assert.equal(await codeOf(await clear("home/kitchen")), "RETAINED_NOT_FOUND");
  assert.equal(await codeOf(await clear("home/#")), "TOPIC_INVALID");
});

test("REST keeps payloads by name, over a restart, and gives what is published the QoS that is asked for", async (t) => {
  const rows = new Map<string, Uint8Array>();
  const hub = await startTestInspector(t, { state: createMemoryState(rows) });
  const put = (name: string, body: object) =>
    hub.ask(`/api/v1/payloads/${name}`, { ...post(body), method: "PUT" }).then((response) => response.json());
  const heat = { topic: "home/heat", payload: "AAE=", encoding: "base64", contentType: "application/octet-stream", retain: true, qos: 1 };
  assert.deepEqual(await put("heat", heat), { name: "heat", ...heat });
  const plain = { name: "away", topic: "home/mode", payload: "away", encoding: "utf8", contentType: null, retain: false, qos: null };
  assert.deepEqual(await put("away", { topic: "home/mode", payload: "away" }), plain);
  assert.deepEqual(await get(hub, "payloads.list", "/payloads"), { payloads: [plain, { name: "heat", ...heat }] });
  assert.deepEqual(createSavedPayloads(createMemoryState(rows)).list(), [plain, { name: "heat", ...heat }]);
  for (const [wrong, code] of [
    [{ topic: "a/#", payload: "x" }, "TOPIC_INVALID"],
    [{ topic: "a", payload: "!", encoding: "base64" }, "PARAMS_INVALID"],
    [{ topic: "a", payload: "x", qos: 3 }, "PARAMS_INVALID"],
  ] as const)
    assert.equal(((await put("wrong", wrong)) as { error: { code: string } }).error.code, code);
  assert.equal((await hub.ask("/api/v1/payloads/heat", { method: "DELETE" })).status, 204);
  assert.equal(await codeOf(await hub.ask("/api/v1/payloads/heat", { method: "DELETE" })), "PAYLOAD_NOT_FOUND");
  assert.deepEqual([...rows.keys()], ["payload/away"]);

  const heard: (number | undefined)[] = [];
  hub.hub.subscribe("q", ({ qos }) => void heard.push(qos));
  for (const qos of [0, 2, undefined])
    await hub.ask("/api/v1/publish", post({ topic: "q", payload: "x", ...(qos === undefined ? {} : { qos }) }));
  assert.deepEqual(heard, [0, 2, undefined]);
});

test("saved payloads are bounded in number, and one that is not on disk is not kept", async () => {
  const payload = (name: string) =>
    ({ name, topic: "a", payload: "", encoding: "utf8", contentType: null, retain: false, qos: null }) as const;
  const state = createMemoryState();
  const payloads = createSavedPayloads(state);
  for (let at = 0; at < MAX_SAVED_PAYLOADS; at += 1) assert.ok((await payloads.save(payload(`p${at}`))).ok);
  const over = await payloads.save(payload("over"));
  assert.ok(!over.ok && over.refusal.code === "PAYLOAD_LIMIT");
  assert.ok((await payloads.save({ ...payload("p0"), topic: "b" })).ok);

  const refusal = { code: "STORE_FULL", message: "The disk is full." } as const;
  const onFullDisk = createSavedPayloads({ ...state, flush: (done) => done(refusal) });
  assert.deepEqual(await onFullDisk.save({ ...payload("p0"), topic: "c" }), { ok: false, refusal });
  assert.equal(onFullDisk.list()[0]!.topic, "b");
});
