import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeFrame, parseClientFrame } from "../../main/contract/codec.ts";
import type { Refusal, RefusalError } from "../../main/contract/errors.ts";
import type { ClientFrame, HubFrame } from "../../main/contract/frames.ts";
import { connectInspector, type InspectorClient } from "../../main/contract/inspector.ts";
import type { Link } from "../../main/contract/link.ts";
import { createLinkPair } from "../support/link-pair.ts";

const WELCOME: HubFrame = { t: "welcome", version: 1, hubVersion: "1.0.0", logId: "log", lastSeq: 9 };
const settled = () => new Promise((resolve) => setImmediate(resolve));
const isRefusal = (code: string) => (error: unknown) => (error as RefusalError).code === code;

/** The hub's end, played by the test. */
interface Hub {
  readonly link: Link;
  readonly frames: ClientFrame[];
  say(frame: HubFrame): Promise<unknown>;
}

function playHub(): { near: Link; hub: Hub } {
  const [near, far] = createLinkPair();
  const frames: ClientFrame[] = [];
  far.onMessage((text) => {
    const frame = parseClientFrame(text);
    assert.ok(frame.ok, text);
    frames.push(frame.value);
  });
  const say = (frame: HubFrame) => {
    far.send(encodeFrame(frame));
    return settled();
  };
  return { near, hub: { link: far, frames, say } };
}

async function connected(): Promise<{ client: InspectorClient; hub: Hub }> {
  const { near, hub } = playHub();
  const connecting = connectInspector(near, { token: "t" });
  await hub.say(WELCOME);
  const client = await connecting;
  hub.frames.length = 0;
  return { client, hub };
}

test("the client says hello with its token and is welcomed", async () => {
  const { near, hub } = playHub();
  const connecting = connectInspector(near, { token: "secret" });
  await hub.say(WELCOME);
  const client = await connecting;
  assert.deepEqual(hub.frames, [{ t: "hello", version: 1, token: "secret" }]);
  assert.deepEqual(client.welcome, { hubVersion: "1.0.0", logId: "log", lastSeq: 9 });
});

test("a goodbye before the welcome is the reason why there is no client, and so is a link that closes", async () => {
  const refused = playHub();
  const refusing = assert.rejects(connectInspector(refused.near), isRefusal("TOKEN_INVALID"));
  await refused.hub.say({ t: "goodbye", error: { code: "TOKEN_INVALID", message: "no" } });
  await refusing;
  const gone = playHub();
  const going = assert.rejects(connectInspector(gone.near), isRefusal("HUB_UNREACHABLE"));
  gone.hub.link.close(1000, "gone");
  await going;
});

test("answers reach their calls in whatever order they come, and a failure is a RefusalError with its details", async () => {
  const { client, hub } = await connected();
  const first = client.call("events.get", { id: "a" });
  const second = client.call("events.get", { id: "b" });
  const third = client.call("events.query", { limit: 0 });
  const refused = assert.rejects(third, (error: RefusalError) => {
    assert.deepEqual(
      [error.name, error.code, error.message, error.details],
      ["RefusalError", "PARAMS_INVALID", "no", { parameter: "limit" }],
    );
    return true;
  });
  await settled();
  const ids = hub.frames.map((frame) => (frame.t === "call" ? frame.id : -1));
  assert.equal(new Set(ids).size, 3);
  await hub.say({ t: "result", id: ids[1]!, result: "for b" });
  await hub.say({ t: "failure", id: ids[2]!, error: { code: "PARAMS_INVALID", message: "no", details: { parameter: "limit" } } });
  await hub.say({ t: "result", id: ids[0]!, result: "for a" });
  await hub.say({ t: "result", id: ids[0]!, result: "again" });
  await hub.say({ t: "result", id: 999, result: "nobody's" });
  assert.deepEqual(await Promise.all([first, second]), ["for a", "for b"]);
  await refused;
});

test("when the link goes, every call and feed learns it, and whoever asks later", async () => {
  const { client, hub } = await connected();
  const call = assert.rejects(client.call("hub.status", {}), isRefusal("HUB_UNREACHABLE"));
  const ends: (Refusal | null)[] = [];
  client.open("events", {}, { onItems() {}, onGap() {}, onEnd: (error) => ends.push(error) });
  const reasons: string[] = [];
  client.onClose((reason) => reasons.push(reason.code));
  const unsubscribe = client.onClose(() => reasons.push("unsubscribed"));
  unsubscribe();
  hub.link.close(1006, "the cable was pulled");
  await call;
  await assert.rejects(client.call("hub.status", {}), /the cable was pulled/);
  client.open("events", {}, { onItems() {}, onGap() {}, onEnd: (error) => ends.push(error) });
  client.onClose((reason) => reasons.push(`late ${reason.code}`));
  assert.deepEqual(
    ends.map((error) => error?.code),
    ["HUB_UNREACHABLE", "HUB_UNREACHABLE"],
  );
  assert.deepEqual(reasons, ["HUB_UNREACHABLE", "late HUB_UNREACHABLE"]);
});

test("each frame of a feed is taken once, after its handler is done with it, one at a time and in order", async () => {
  const { client, hub } = await connected();
  const seen: string[] = [];
  const gates: (() => void)[] = [];
  const hold = (what: string) => {
    seen.push(what);
    return new Promise<void>((resolve) => gates.push(resolve));
  };
  client.open(
    "events",
    { after: 3 },
    {
      onOpened: (seq) => seen.push(`opened ${seq}`),
      onItems: (items) => hold(`items ${items.length}`),
      onGap: ({ from, to }) => hold(`gap ${from}-${to}`),
      onEnd: (error) => seen.push(`ended ${error?.code}`),
    },
  );
  await settled();
  const [open] = hub.frames.splice(0);
  assert.ok(open?.t === "open");
  const { id } = open;
  await hub.say({ t: "opened", id, seq: 3 });
  await hub.say({ t: "items", id, items: [{}] });
  await hub.say({ t: "gap", id, from: 5, to: 6 });
  await hub.say({ t: "items", id, items: [{}, {}] });
  assert.deepEqual(seen, ["opened 3", "items 1"]);
  assert.deepEqual(hub.frames, []);
  for (const [index, next] of ["gap 5-6", "items 2"].entries()) {
    gates[index]!();
    await settled();
    assert.equal(seen.at(-1), next);
    assert.equal(hub.frames.length, index + 1);
  }
  gates[2]!();
  await settled();
  assert.deepEqual(hub.frames, [
    { t: "taken", id },
    { t: "taken", id },
    { t: "taken", id },
  ]);
  await hub.say({ t: "ended", id, error: { code: "STORE_DAMAGED", message: "no" } });
  assert.equal(seen.at(-1), "ended STORE_DAMAGED");
});

test("a feed that the client closed calls nobody any more", async () => {
  const { client, hub } = await connected();
  const seen: string[] = [];
  const feed = client.open(
    "events",
    {},
    { onItems: () => void seen.push("items"), onGap: () => void seen.push("gap"), onEnd: () => seen.push("end") },
  );
  await settled();
  const id = hub.frames[0]?.t === "open" ? hub.frames[0].id : -1;
  feed.close();
  feed.close();
  await hub.say({ t: "items", id, items: [{}] });
  await hub.say({ t: "ended", id, error: null });
  assert.deepEqual(seen, []);
  assert.deepEqual(hub.frames.slice(1), [{ t: "close", id }]);
});

test("a feed closed by its own handler takes no more of what waits", async () => {
  const { client, hub } = await connected();
  const seen: number[] = [];
  const feed = client.open(
    "events",
    {},
    {
      onItems: (items) => {
        seen.push(items.length);
        feed.close();
      },
      onGap() {},
      onEnd() {},
    },
  );
  await settled();
  const id = hub.frames[0]?.t === "open" ? hub.frames[0].id : -1;
  hub.link.send(encodeFrame({ t: "items", id, items: [{}] }));
  await hub.say({ t: "items", id, items: [{}, {}] });
  assert.deepEqual(seen, [1]);
});

test("what answers nonsense is no hub: the link is closed and everything on it ends", async () => {
  const { client, hub } = await connected();
  const call = assert.rejects(client.call("hub.status", {}), isRefusal("HUB_UNREACHABLE"));
  const closed = new Promise((resolve) => hub.link.onClose(resolve));
  hub.link.send("<html>");
  await call;
  await closed;
});

test("close ends what is open and tells the other side", async () => {
  const { client, hub } = await connected();
  const call = assert.rejects(client.call("hub.status", {}), isRefusal("HUB_UNREACHABLE"));
  const closed = new Promise((resolve) => hub.link.onClose(resolve));
  client.close();
  await call;
  await closed;
});
