import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { encodeFrame, parseHubFrame } from "../../main/contract/codec.ts";
import type { RefusalError, Refusal } from "../../main/contract/errors.ts";
import { connectInspector } from "../../main/contract/inspector.ts";
import type { HubFrame } from "../../main/contract/frames.ts";
import type { Link } from "../../main/contract/link.ts";
import { eventually } from "../support/eventually.ts";
import { appendEvents, TEST_TOKEN, type TestInspector } from "../support/test-inspector.ts";

export interface ExamSubject {
  readonly hub: TestInspector;
  /** A new link to the inspector, open or opening. */
  readonly connect: () => Link;
}

export interface ExamOptions {
  readonly trust: "trusted" | "token";
  readonly start: (t: TestContext) => Promise<ExamSubject>;
}

const isRefusal = (code: string) => (error: unknown) => (error as RefusalError).code === code;

/** What every carrier must do, whatever it is made of. */
export function examineLink(carrier: string, { trust, start }: ExamOptions): void {
  const token = trust === "token" ? TEST_TOKEN : undefined;

  test(`${carrier}: a client is welcomed and its calls are answered`, async (t) => {
    const { hub, connect } = await start(t);
    const client = await connectInspector(connect(), { token });
    assert.equal(client.welcome.hubVersion, "0.0.0-test");
    const published = await client.call("events.publish", { topic: "a/b", payload: "h\u00e9llo \u{1f600}" });
    const body = await client.call("events.body", { id: published.id });
    assert.equal(Buffer.from(body.base64, "base64").toString("utf8"), "h\u00e9llo \u{1f600}");
    assert.equal(hub.log.events.length, 1);
    client.close();
  });

  test(`${carrier}: answers find their calls when many are open`, async (t) => {
    const { hub, connect } = await start(t);
    const events = await appendEvents(
      hub.hub,
      Array.from({ length: 40 }, (_, index) => ({ body: Buffer.from(`body ${index}`) })),
    );
    const client = await connectInspector(connect(), { token });
    const bodies = await Promise.all(events.map(({ id }) => client.call("events.body", { id })));
    assert.deepEqual(
      bodies.map(({ base64 }) => Buffer.from(base64, "base64").toString("utf8")),
      events.map((_, index) => `body ${index}`),
    );
    client.close();
  });

  test(`${carrier}: a long answer arrives whole`, async (t) => {
    const { hub, connect } = await start(t);
    const body = Buffer.alloc(1024 * 1024, "0123456789abcdef");
    const [event] = await appendEvents(hub.hub, [{ body }]);
    const client = await connectInspector(connect(), { token });
    const chunk = await client.call("events.body", { id: event!.id });
    assert.ok(Buffer.from(chunk.base64, "base64").equals(body));
    client.close();
  });

  test(`${carrier}: a refusal keeps its code and names what is wrong`, async (t) => {
    const { connect } = await start(t);
    const client = await connectInspector(connect(), { token });
    await assert.rejects(client.call("events.get", { id: "memory-zz" }), isRefusal("EVENT_NOT_FOUND"));
    await assert.rejects(client.call("events.query", { limit: 0 }), (error: RefusalError) => {
      assert.equal(error.code, "PARAMS_INVALID");
      assert.match(error.message, /"limit".*whole number from 1 to 1000/);
      return true;
    });
    await assert.rejects(client.call("no.such" as "hub.status", {}), isRefusal("CALL_UNKNOWN"));
    client.close();
  });

  test(`${carrier}: a feed brings events in order until it is closed`, async (t) => {
    const { hub, connect } = await start(t);
    const client = await connectInspector(connect(), { token });
    const seqs: number[] = [];
    const opened = Promise.withResolvers<void>();
    const feed = client.open(
      "events",
      {},
      {
        onOpened: () => opened.resolve(),
        onItems: (items) => void seqs.push(...items.map((item) => item.seq)),
        onGap: (gap) => assert.fail(`an unexpected gap ${JSON.stringify(gap)}`),
        onEnd: (error) => assert.fail(`ended with ${error?.message}`),
      },
    );
    await opened.promise;
    await appendEvents(
      hub.hub,
      Array.from({ length: 50 }, () => ({})),
    );
    await eventually("all fifty arrived", () => seqs.length === 50);
    assert.deepEqual(
      seqs,
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    feed.close();
    await client.call("hub.status", {});
    await appendEvents(hub.hub, [{}]);
    await client.call("hub.status", {});
    assert.equal(seqs.length, 50);
    client.close();
  });

  test(`${carrier}: the inspector's stop is told, and open calls and feeds end`, async (t) => {
    const { hub, connect } = await start(t);
    const client = await connectInspector(connect(), { token });
    const closed = Promise.withResolvers<Refusal>();
    client.onClose(closed.resolve);
    const ended = Promise.withResolvers<Refusal | null>();
    client.open("events", {}, { onItems() {}, onGap() {}, onEnd: ended.resolve });
    hub.log.hold();
    const call = client.call("events.publish", { topic: "a", payload: "" });
    const refused = assert.rejects(call, isRefusal("HUB_STOPPING"));
    await eventually("the hub has the call", () => hub.log.waiting() === 1);
    await hub.inspector.stop();
    assert.equal((await closed.promise).code, "HUB_STOPPING");
    assert.equal((await ended.promise)?.code, "HUB_STOPPING");
    await refused;
    await assert.rejects(client.call("hub.status", {}), isRefusal("HUB_STOPPING"));
  });

  test(`${carrier}: a client that closes leaves nothing open at the hub`, async (t) => {
    const { hub, connect } = await start(t);
    const client = await connectInspector(connect(), { token });
    client.open("events", {}, { onItems() {}, onGap() {}, onEnd() {} });
    await client.call("hub.status", {});
    assert.match(await (await hub.ask("/metrics")).text(), /^signalbox_inspector_links 1$/m);
    client.close();
    await eventually("the link is gone", async () => /^signalbox_inspector_links 0$/m.test(await (await hub.ask("/metrics")).text()));
  });

  test(`${carrier}: junk is answered, and the link is closed when it goes on`, async (t) => {
    const { connect } = await start(t);
    const link = connect();
    const frames: HubFrame[] = [];
    const closed = new Promise<string>((resolve) => link.onClose(resolve));
    link.onMessage((text) => {
      const frame = parseHubFrame(text);
      if (frame.ok) frames.push(frame.value);
    });
    link.send(encodeFrame({ t: "hello", version: 1, ...(token ? { token } : {}) }));
    for (const junk of ["", "[]", '{"t":"dance","id":1}', '{"t":"call","id":-1}', "{"]) link.send(junk);
    await closed;
    assert.deepEqual(
      frames.map((frame) => frame.t),
      ["welcome", "failure", "failure", "failure", "failure", "goodbye"],
    );
    assert.equal(frames.at(-1)?.t === "goodbye" && (frames.at(-1) as { error: Refusal }).error.code, "FRAME_INVALID");
  });

  test(`${carrier}: whoever does not begin with hello is shown out`, async (t) => {
    const { connect } = await start(t);
    const link = connect();
    const frames: string[] = [];
    const closed = new Promise<string>((resolve) => link.onClose(resolve));
    link.onMessage((text) => void frames.push(text));
    link.send(encodeFrame({ t: "call", id: 1, name: "hub.status", params: {} }));
    await closed;
    assert.equal(frames.length, 1);
    assert.match(frames[0]!, /"goodbye".*FRAME_INVALID/);
  });

  test(`${carrier}: another version of the contract is refused with the hub's own`, async (t) => {
    const { connect } = await start(t);
    const link = connect();
    const first = new Promise<string>((resolve) => link.onMessage(resolve));
    link.send(encodeFrame({ t: "hello", version: 99, ...(token ? { token } : {}) }));
    assert.match(await first, /VERSION_UNKNOWN.*"version":1/);
  });
}
