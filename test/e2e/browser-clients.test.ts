import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright";
import type * as Client from "../../client/signalbox-client.ts";
import { openBrowser } from "../support/open-inspector.ts";
import { startHub, type TestHub } from "../support/run-signalbox.ts";
import { tempFolder } from "../support/temp-folder.ts";

let browser: Browser;
let hub: TestHub;

before(async () => {
  [browser, hub] = await Promise.all([openBrowser(), startHub()]);
});

after(async () => {
  await browser.close();
  await hub.stop();
});

/** A page of the ingress' own origin, whose errors fail the test. */
async function openPage(t: TestContext, ingress: string): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  await page.goto(ingress);
  t.after(async () => {
    await page.close();
    assert.deepEqual(faults, []);
  });
  return page;
}

const publish = async (ingress: string, topic: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> => {
  const answer = await fetch(`${ingress}/publish/${topic}`, { method: "POST", body });
  assert.equal(answer.status, 201);
};

test("the client library is served as one ES module that is asked after each time, and to pages elsewhere only when they may use the hub", async (t) => {
  const open = await startHub({ env: { SIGNALBOX_ALLOW_ORIGINS: "https://app.example" } });
  t.after(() => open.stop());
  const address = `${open.ingress}/client/signalbox-client.js`;
  const first = await fetch(address);
  assert.equal(first.status, 200);
  assert.match(first.headers.get("content-type") ?? "", /^text\/javascript/);
  assert.equal(first.headers.get("cache-control"), "no-cache");
  assert.equal(first.headers.get("x-content-type-options"), "nosniff");
  const source = await first.text();
  assert.doesNotMatch(source, /\bimport\b/, "it needs nothing else");
  // fetch says "no-cache" of its own when it is given a condition; browsers do not.
  const condition = { "If-None-Match": first.headers.get("etag") ?? "", "Cache-Control": "max-age=0" };
  const again = await fetch(address, { headers: condition });
  assert.equal(again.status, 304);
  const allowedTo = async (origin: string): Promise<string | null> =>
    (await fetch(address, { headers: { Origin: origin } })).headers.get("access-control-allow-origin");
  assert.equal(await allowedTo("https://app.example"), "https://app.example");
  assert.equal(await allowedTo("https://evil.example"), null);
  assert.equal((await fetch(`${open.ingress}/client/nothing.js`)).status, 404);
});

test("in a browser the client library publishes, subscribes, and goes on by itself after the hub was away", async (t) => {
  const dataFolder = tempFolder(t);
  const first = await startHub({ dataFolder });
  t.after(() => first.kill());
  const page = await openPage(t, first.ingress);
  await publish(first.ingress, "lab/a", "before");
  const stored = await page.evaluate(async (address) => {
    const { connectSignalbox, bytesOf } = (await import(address)) as typeof Client;
    const client = connectSignalbox({ url: location.origin });
    const got: string[] = [];
    client.subscribe("lab/#", (event) => got.push(event.encoding ? `bytes ${bytesOf(event).join(" ")}` : event.payload), { after: 0 });
    Object.assign(globalThis, { client, got });
    return [await client.publish("lab/b", new Uint8Array([0, 255])), await client.publish("lab/c", { on: true })];
  }, "/client/signalbox-client.js");
  assert.deepEqual(stored, [{ seq: 2 }, { seq: 3 }]);

  await first.kill();
  await page.waitForFunction(() => (globalThis as unknown as { client: Client.SignalboxClient }).client.state !== "open");
  const waiting = page.evaluate(() => (globalThis as unknown as { client: Client.SignalboxClient }).client.publish("lab/d", "offline"));
  const second = await startHub({ dataFolder, env: { SIGNALBOX_INGRESS: new URL(first.ingress).host } });
  t.after(() => second.stop());
  await waiting;
  await page.waitForFunction(() => (globalThis as unknown as { got: string[] }).got.length === 4);
  assert.deepEqual(await page.evaluate(() => (globalThis as unknown as { got: string[] }).got), [
    "before",
    "bytes 0 255",
    '{"on":true}',
    "offline",
  ]);
});

test("a browser's own EventSource gets events by topic, and after a cut goes on where it was", async (t) => {
  const dataFolder = tempFolder(t);
  const first = await startHub({ dataFolder });
  t.after(() => first.kill());
  const page = await openPage(t, first.ingress);
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const got: string[] = [];
        const source = new EventSource("/sse?topic=lab/%2B");
        for (const topic of ["lab/a", "lab/b"])
          source.addEventListener(topic, ({ type, data, lastEventId }: MessageEvent<string>) => got.push(`${lastEventId} ${type} ${data}`));
        source.addEventListener("open", () => resolve(), { once: true });
        Object.assign(globalThis, { got });
      }),
  );
  await publish(first.ingress, "lab/a", "one\ntwo");
  await page.waitForFunction(() => (globalThis as unknown as { got: string[] }).got.length === 1);

  await first.kill();
  const second = await startHub({ dataFolder, env: { SIGNALBOX_INGRESS: new URL(first.ingress).host } });
  t.after(() => second.stop());
  await publish(second.ingress, "lab/b", "while it was away");
  await publish(second.ingress, "other", "not asked for");
  await publish(second.ingress, "lab/a", "after");
  await page.waitForFunction(() => (globalThis as unknown as { got: string[] }).got.length === 3);
  assert.deepEqual(await page.evaluate(() => (globalThis as unknown as { got: string[] }).got), [
    "1 lab/a one\ntwo",
    "2 lab/b while it was away",
    "4 lab/a after",
  ]);
});

test("a browser's own WebSocket talks signalbox.v1, and plainly with one topic", async (t) => {
  const page = await openPage(t, hub.ingress);
  const got = await page.evaluate(async () => {
    const open = async (path: string, protocols: string[]): Promise<WebSocket> => {
      const socket = new WebSocket(`ws://${location.host}${path}`, protocols);
      socket.binaryType = "arraybuffer";
      await new Promise((resolve, reject) => {
        socket.addEventListener("open", resolve);
        socket.addEventListener("error", reject);
      });
      return socket;
    };
    const next = (socket: WebSocket): Promise<string | ArrayBuffer> =>
      new Promise((resolve) =>
        socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => resolve(data), { once: true }),
      );
    const json = await open("/ws", ["signalbox.v1"]);
    const subscribed = next(json);
    json.send(JSON.stringify({ t: "subscribe", id: 1, filter: "lamp" }));
    await subscribed;
    const plain = await open("/ws/topic/lamp", []);
    const events = [next(json), next(plain)];
    plain.send("on");
    const [event, echo] = await Promise.all(events);
    const { topic, payload } = JSON.parse(event as string) as { topic: string; payload: string };
    const bytes = next(plain);
    plain.send(new Uint8Array([0, 255]));
    return [json.protocol, topic, payload, echo, ...new Uint8Array((await bytes) as ArrayBuffer)];
  });
  assert.deepEqual(got, ["signalbox.v1", "lamp", "on", "on", 0, 255]);
});
