import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { connectAsync, type MqttClient } from "mqtt";
import type { Browser, Page } from "playwright";
import { silentLogger } from "../../main/platform/log.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { openStore } from "../../main/store/open-store.ts";
import { eventually } from "../support/eventually.ts";
import { newEvent } from "../support/new-event.ts";
import { openBrowser, openInspector } from "../support/open-inspector.ts";
import { startHub, type TestHub } from "../support/run-signalbox.ts";
import { appendAll } from "../support/test-store.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIBLINGS = 10_000;
const HOUR = 3_600_000;

let folder: string;
let hub: TestHub;
let browser: Browser;
let device: MqttClient;

/** A log with an hour of readings and ten thousand topics side by side; then the real program on it, and a real device. */
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-"));
  const store = await openStore({
    folder,
    clock: systemClock,
    logger: silentLogger,
    maxQueuedEvents: 50_000,
    maxQueuedBytes: 256 * 1024 * 1024,
  });
  const now = Date.now();
  const text = (topic: string, body: string, receivedAt: number, retained = false) =>
    newEvent({ topic, body: Buffer.from(body), receivedAt, retained, protocol: "mqtt" });
  await appendAll(store.log, [
    ...Array.from({ length: SIBLINGS }, (_, at) => text(`many/n${String(at).padStart(5, "0")}`, String(at), now - 2 * HOUR)),
    ...Array.from({ length: 120 }, (_, at) =>
      text("home/kitchen/climate", JSON.stringify({ temperature: 20 + at / 100, humidity: 50 }), now - HOUR + at * 30_000 + 1000, true),
    ),
    text("home/kitchen/light", "on", now - 1000),
    text("home/hall", "quiet", now - 1000),
  ]);
  await store.close();
  hub = await startHub({ dataFolder: folder, env: { SIGNALBOX_MQTT: "127.0.0.1:0" } });
  const status = (await (await fetch(`${hub.inspector}/api/v1/status`, { headers: { authorization: `Bearer ${hub.token}` } })).json()) as {
    listeners: { name: string; url: string }[];
  };
  device = await connectAsync(status.listeners.find(({ name }) => name === "mqtt")!.url, { protocolVersion: 5 });
  browser = await openBrowser();
});

after(async () => {
  await device.endAsync();
  await browser.close();
  await hub.stop();
  rmSync(folder, { recursive: true, force: true });
});

const row = (page: Page, name: string) => page.getByRole("treeitem", { name: new RegExp(`^${name}\\b`) });
const pane = (page: Page) => page.getByRole("complementary", { name: "Topic details" });

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: unknown[] }> } };
    return (await axe.run()).violations;
  });
  return (violations as { id: string; nodes: { html: string; failureSummary?: string }[] }[]).flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary?.split("\n").at(-1)}`),
  );
}

test("the tree is walked by keyboard, a topic opens with Enter, and its address leads back to it", async () => {
  const { page, faults } = await openInspector(browser, hub, { path: "/topics" });
  await row(page, "home").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("tree", { name: "Topics" }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Home");
  await row(page, "home").and(page.locator('[aria-selected="true"]')).waitFor();
  await page.keyboard.press("ArrowRight");
  await row(page, "kitchen").waitFor();
  await page.keyboard.type("kit");
  await page.keyboard.press("ArrowRight");
  await row(page, "light").waitFor();
  assert.equal(await row(page, "light").getAttribute("aria-level"), "3");
  assert.equal(await row(page, "light").getAttribute("aria-setsize"), "2");
  await page.keyboard.type("li");
  await page.keyboard.press("Enter");
  await pane(page).getByRole("heading", { name: "light" }).waitFor();
  assert.match(page.url(), /\/topics\/home\/kitchen\/light$/);
  await pane(page).getByText("on", { exact: true }).first().waitFor();
  await page.keyboard.press("ArrowLeft");
  await pane(page).getByRole("heading", { name: "kitchen" }).waitFor();
  await page.keyboard.press("ArrowLeft");
  await row(page, "light").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await pane(page).waitFor({ state: "detached" });
  await page.goto(`${hub.inspector}/topics/home/kitchen/climate`);
  await row(page, "climate").and(page.locator('[aria-selected="true"]')).waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("values, retained marks and new topics come by themselves, and rows in sight stay where they are", async () => {
  const { page } = await openInspector(browser, hub, { path: "/topics/home/hall" });
  await row(page, "hall").waitFor();
  await device.publishAsync("home/hall", "loud", { qos: 1, retain: true });
  await page.getByRole("treeitem", { name: /^hall\W+retained\W+loud/ }).waitFor();
  await pane(page).getByText("loud").first().waitFor();
  await row(page, "many").waitFor();
  await row(page, "many").click();
  await row(page, "n00000").waitFor();
  await page.getByRole("tree").focus();
  for (let at = 0; at < 6; at += 1) await page.keyboard.press("PageDown");
  const scroller = page.locator(".topic-tree__scroll");
  const first = async () => {
    const top = (await scroller.boundingBox())!.y + 40;
    return page.evaluate((y) => document.elementFromPoint(400, y)?.closest('[role="treeitem"]')?.getAttribute("aria-label"), top);
  };
  const height = () => page.locator(".topic-tree").evaluate((element) => element.clientHeight);
  const seen = await first();
  const before = await height();
  await device.publishAsync("aaa/first", "1", { qos: 1 });
  await eventually("a row has come above", async () => (await height()) > before);
  assert.equal(await first(), seen);
  await page.context().close();
});

test("ten thousand topics side by side are some dozens of rows, and the last of them is found by searching", async () => {
  const { page } = await openInspector(browser, hub, { path: "/topics" });
  await row(page, "many").waitFor();
  if ((await row(page, "many").getAttribute("aria-expanded")) !== "true") await row(page, "many").click();
  await row(page, "n00000").waitFor();
  await page.getByRole("tree").focus();
  await eventually("the end is reached", async () => {
    await page.keyboard.press("End");
    return row(page, "n09999").isVisible();
  });
  assert.ok((await page.getByRole("treeitem").count()) < 100);
  assert.equal(await row(page, "n09999").getAttribute("aria-posinset"), String(SIBLINGS));
  await page.keyboard.press("/");
  await page.keyboard.type("n0999");
  await eventually("ten are found", async () => (await page.getByRole("treeitem", { name: /^n0999\d/ }).count()) === 10);
  await page.keyboard.press("Escape");
  await row(page, "n09980").waitFor();
  assert.ok(await row(page, "n09999").isVisible());
  await page.context().close();
});

test("numbers are charted under the page's own security policy, zoomed by keyboard, and said in words", async () => {
  const { page, faults } = await openInspector(browser, hub, { path: "/topics/home/kitchen/climate" });
  const chart = pane(page).getByRole("region", { name: "Chart" });
  await chart.locator("canvas").waitFor();
  const time = chart.getByRole("slider", { name: "Time" });
  const said = async () => (await time.getAttribute("aria-valuetext")) ?? "";
  await eventually("all values are there", async () =>
    /^1\d\d values in 1 h\. temperature: last 21\.1\d, min 20[.\d]*, mean 20\.\d+, max 21\.1\d$/.test(await said()),
  );
  await chart.getByRole("button", { name: "humidity" }).click();
  await eventually("both are there", async () => (await said()).endsWith(" humidity: last 50, min 50, mean 50, max 50"));
  assert.equal(await chart.locator("canvas").count(), 2);
  await time.focus();
  await page.keyboard.press("Home");
  for (let at = 0; at < 3; at += 1) await page.keyboard.press("PageDown");
  for (let at = 0; at < 3; at += 1) await page.keyboard.press("Shift+PageDown");
  await page.keyboard.press("Enter");
  await chart.getByRole("button", { name: "Reset zoom" }).waitFor();
  await eventually("a part is shown", async () => /^1\d values in /.test(await said()));
  await chart.getByRole("button", { name: "Reset zoom" }).press("Enter");
  await device.publishAsync("home/kitchen/climate", '{"temperature":30,"humidity":10}', { qos: 1, retain: true });
  await eventually("what comes is drawn", async () => /temperature: last 30, min 20[.\d]*, .* max 30/.test(await said()));
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("history shows what changed, an older value opens, and differences to the one before it are marked", async () => {
  const { page } = await openInspector(browser, hub, { path: "/topics/home/kitchen/light" });
  await device.publishAsync("home/kitchen/light", '{"on":true,"level":40}', { qos: 1 });
  await device.publishAsync("home/kitchen/light", '{"on":true,"level":80}', { qos: 1 });
  await pane(page).getByRole("tab", { name: "History" }).click();
  const history = pane(page).getByRole("grid", { name: "History" });
  await history.getByRole("row", { name: "level +40" }).waitFor();
  await history.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await pane(page).getByRole("treeitem", { name: /level/ }).filter({ hasText: "80" }).waitFor();
  await pane(page).getByRole("button", { name: "Compare" }).click();
  await pane(page).getByText("now: ").waitFor();
  await pane(page).getByText("2 lines different").waitFor();
  await pane(page).getByRole("button", { name: "Older value" }).click();
  await pane(page).getByRole("button", { name: "Newest" }).click();
  await page.context().close();
});

test("publishing answers with its place in the log, and a payload saved by name is there in another window", async () => {
  const { page } = await openInspector(browser, hub, { path: "/topics" });
  await row(page, "home").waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
  const form = page.getByRole("form", { name: "Publish" });
  await form.getByRole("button", { name: "Publish" }).click();
  await form.getByText("The topic is empty.").waitFor();
  await form.getByRole("combobox", { name: "Topic" }).fill("home/new/lamp");
  await form.getByRole("textbox", { name: "Payload" }).fill('{"on": tru');
  await form.getByText(/Not valid JSON: .* at line 1, character/).waitFor();
  await form.getByRole("textbox", { name: "Payload" }).fill('{"on":true}');
  await form.getByText("Valid JSON", { exact: true }).waitFor();
  const heard = new Promise<string>((resolve) =>
    device.once("message", (topic, payload, packet) => resolve(`${topic} ${payload.toString()} ${packet.qos}`)),
  );
  await device.subscribeAsync("home/new/#", { qos: 2 });
  await page.keyboard.press("Control+Enter");
  await form.getByText(/Stored as #\d+ at/).waitFor();
  assert.equal(await heard, 'home/new/lamp {"on":true} 2');
  await page.getByRole("button", { name: "Save this one…" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Lamp on");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Put Lamp on into the form" }).waitFor();
  await page
    .getByRole("region", { name: "Published from here" })
    .getByRole("button", { name: /Publish #\d+ again/ })
    .click();

  const other = (await openInspector(browser, hub, { path: "/topics/home/new/lamp" })).page;
  await other.getByRole("tab", { name: "Publish" }).click();
  await other.getByRole("button", { name: "Put Lamp on into the form" }).click();
  assert.equal(await other.getByRole("textbox", { name: "Payload" }).inputValue(), '{"on":true}');
  await other.getByRole("button", { name: "Remove Lamp on" }).click();
  await other.getByText("Nothing yet.").waitFor();
  await other.context().close();
  await page.context().close();
});

test("what is retained is cleared after a question, and put back as it was", async () => {
  await device.publishAsync("home/mode", "away", { qos: 1, retain: true });
  const { page } = await openInspector(browser, hub, { path: "/topics/home/mode" });
  await pane(page).getByText("Retained").first().waitFor();
  await pane(page).getByRole("tab", { name: "Details" }).click();
  await pane(page).getByRole("button", { name: "Clear…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Clear it" }).click();
  await pane(page).getByText("Nothing: new subscribers wait for the next event").waitFor();
  await pane(page).getByRole("button", { name: "Put it back" }).click();
  await page.getByRole("treeitem", { name: /^mode\W+retained\W+away/ }).waitFor();
  await pane(page).getByRole("radio", { name: "Only the last" }).click();
  await pane(page).getByText("By the rule").waitFor();
  const answer = await fetch(`${hub.inspector}/api/v1/settings`, { headers: { authorization: `Bearer ${hub.token}` } });
  assert.deepEqual(((await answer.json()) as { record: unknown }).record, [{ filter: "home/mode", policy: "last" }]);
  await page.context().close();
});

for (const colorScheme of ["light", "dark"] as const)
  test(`axe finds nothing in the tree and in any tab of a topic, ${colorScheme}`, async () => {
    const { page } = await openInspector(browser, hub, { path: "/topics/home/kitchen/climate", colorScheme, reducedMotion: "reduce" });
    await pane(page).getByRole("slider", { name: "Time" }).waitFor();
    await pane(page).getByRole("tree", { name: "JSON" }).waitFor();
    assert.deepEqual(await findings(page), [], "value");
    for (const tab of ["History", "Publish", "Details"]) {
      await pane(page).getByRole("tab", { name: tab }).click();
      await pane(page).getByRole("tabpanel", { name: tab }).waitFor();
      assert.deepEqual(await findings(page), [], tab);
    }
    await page.keyboard.press("Escape");
    await pane(page).waitFor({ state: "detached" });
    assert.deepEqual(await findings(page), [], "tree");
    await page.getByRole("searchbox").or(page.getByLabel("Search topics")).fill("nothing has this name");
    await page.getByRole("heading", { name: "No topic matches" }).waitFor();
    assert.deepEqual(await findings(page), [], "no match");
    await page.context().close();
  });

test("a hub without topics says what would appear, with commands that work", async (t) => {
  const fresh = await startHub({ env: { SIGNALBOX_MQTT: "127.0.0.1:0" } });
  t.after(() => fresh.stop());
  const { page } = await openInspector(browser, fresh, { path: "/topics" });
  await page.getByRole("heading", { name: "No topics yet" }).waitFor();
  await page.getByText(/^mosquitto_pub -h 127\.0\.0\.1 -p \d+ -t demo\/temperature -m 21\.5$/).waitFor();
  assert.deepEqual(await findings(page), []);
  const curl = await page.getByText(/^curl -d/).textContent();
  const [, url] = /^curl -d 21\.5 (\S+)$/.exec(curl!)!;
  assert.equal((await fetch(url!, { method: "POST", body: "21.5" })).status, 201);
  await page.getByRole("treeitem", { name: /^temperature\W+21\.5/ }).waitFor();
  await page.context().close();
});
