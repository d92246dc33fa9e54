import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Browser, Locator, Page } from "playwright";
import { eventually } from "../support/eventually.ts";
import { openBrowser, openInspector } from "../support/open-inspector.ts";
import { rawHttp } from "../support/raw-http.ts";
import { startHub, type TestHub } from "../support/run-signalbox.ts";

let hub: TestHub;
let browser: Browser;

before(async () => {
  [hub, browser] = await Promise.all([startHub(), openBrowser()]);
});

after(async () => {
  await browser.close();
  await hub.stop();
});

async function send(source: string, body: string | Uint8Array<ArrayBuffer>, contentType: string): Promise<string> {
  const response = await fetch(`${hub.ingress}/in/${source}`, { method: "POST", headers: { "content-type": contentType }, body });
  return ((await response.json()) as { id: string }).id;
}

/** Opens the event on one tab of its details. */
async function openTab(id: string, tab: string): Promise<{ page: Page; pane: Locator; faults: readonly string[] }> {
  const { page, faults } = await openInspector(browser, hub, { path: `/events/${id}`, permissions: ["clipboard-read", "clipboard-write"] });
  const pane = page.getByRole("complementary", { name: "Event details" });
  await pane.getByRole("tab", { name: tab }).click();
  return { page, pane, faults };
}

const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

test("a JSON body is a tree that keeps every digit, can be searched, and copies paths and values", async () => {
  const id = await send("json", '{"user":{"emails":["a@x","b@y"]},"id":12345678901234567890}', "application/json");
  const { page, pane } = await openTab(id, "Body");
  await pane.getByRole("treeitem", { name: "12345678901234567890" }).waitFor();
  await pane.getByLabel("Search keys and values").fill("b@y");
  await page.keyboard.press("Enter");
  await pane.getByText("user.emails[1]", { exact: true }).waitFor();
  await pane.getByRole("button", { name: "Copy path" }).click();
  await eventually("the path is copied", async () => (await clipboard(page)) === "user.emails[1]");
  await pane.getByRole("button", { name: "Copy value" }).click();
  await eventually("the value is copied", async () => (await clipboard(page)) === '"b@y"');
  await page.context().close();
});

test("the tree opens and closes by arrow keys", async () => {
  const id = await send("keys", '{"deep":{"er":{"still":1}}}', "application/json");
  const { page, pane } = await openTab(id, "Body");
  await pane.getByRole("treeitem", { name: /^still/ }).waitFor();
  await pane.getByRole("tree").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowLeft");
  await pane.getByRole("treeitem", { name: /^still/ }).waitFor({ state: "detached" });
  await page.keyboard.press("ArrowRight");
  await pane.getByRole("treeitem", { name: /^er/ }).waitFor();
  await page.context().close();
});

test("the text view shows JSON indented or exactly as sent, in the editor", async () => {
  const id = await send("text", '{"a":1,"a":2.50}', "application/json");
  const { page, pane, faults } = await openTab(id, "Body");
  await pane.getByRole("radio", { name: "Text" }).click();
  await pane.locator(".cm-line", { hasText: '  "a": 2.50' }).waitFor();
  await pane.getByRole("button", { name: "Indent" }).click();
  await pane.locator(".cm-line", { hasText: '{"a":1,"a":2.50}' }).waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("binary is shown as hex, a form as fields, and a body that only claims to be JSON with what is wrong", async () => {
  const binary = await openTab(await send("bin", Uint8Array.from([0, 1, 0xfe, 0xff]), "application/octet-stream"), "Body");
  await binary.pane.getByText("00 01 fe ff").waitFor();
  await binary.page.context().close();
  const form = await openTab(await send("form", "name=two+words&name=%C3%A9", "application/x-www-form-urlencoded"), "Body");
  await form.pane.getByRole("cell", { name: "two words" }).waitFor();
  await form.pane.getByRole("cell", { name: "é" }).waitFor();
  await form.page.context().close();
  const broken = await openTab(await send("broken", '{"a":}', "application/json"), "Body");
  await broken.pane.getByText("Not valid JSON: a value expected at character 6").waitFor();
  await broken.page.context().close();
});

test("a raster image is shown, an SVG only as text", async () => {
  const png = Uint8Array.from(
    atob("iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAC56t6BAAAAE0lEQVR4nGP8z8Dwn4GBgYEJRAAADiUCAS6lAyIAAAAASUVORK5CYII="),
    (char) => char.charCodeAt(0),
  );
  const image = await openTab(await send("png", png, "image/png"), "Body");
  await image.pane.getByText("2 × 3 pixels").or(image.pane.getByText("not an image")).waitFor();
  assert.equal(await image.pane.getByRole("img", { name: "The event's body" }).count(), 1);
  await image.page.context().close();
  const svg = await openTab(
    await send("svg", '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image/svg+xml"),
    "Body",
  );
  await svg.pane.locator(".cm-line", { hasText: "<script>" }).waitFor();
  assert.equal(await svg.pane.locator("svg script").count(), 0);
  await svg.page.context().close();
});

test("markup in a payload, a header or a path stays text and runs nothing", async () => {
  const evil = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
  const exchange = await rawHttp(
    hub.ingress,
    `POST /in/evil/<b>bold</b> HTTP/1.1\r\nHost: x\r\nX-Evil: ${evil}\r\nContent-Type: text/html\r\nContent-Length: ${evil.length}\r\nConnection: close\r\n\r\n${evil}`,
  );
  const { id } = JSON.parse((await exchange.answer).body) as { id: string };
  const { page, pane, faults } = await openTab(id, "Headers");
  await pane.getByRole("cell", { name: evil }).waitFor();
  for (const tab of ["Body", "Raw", "Overview"]) await pane.getByRole("tab", { name: tab }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("row", { name: /<img src=x/ }).waitFor();
  assert.equal(await page.title(), "Events · Signalbox");
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("headers keep their order, case and doubles, and the raw view reads like the request", async () => {
  const exchange = await rawHttp(
    hub.ingress,
    "PUT /in/raw/path?q=1 HTTP/1.1\r\nHost: example.test\r\nX-SECOND: b\r\nx-first: a\r\nX-SECOND: c\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
  );
  const { id } = JSON.parse((await exchange.answer).body) as { id: string };
  const { page, pane } = await openTab(id, "Headers");
  await pane.getByRole("rowheader", { name: "x-first" }).waitFor();
  const names = await pane.getByRole("rowheader").allTextContents();
  assert.deepEqual(names, ["Host", "X-SECOND", "x-first", "X-SECOND", "Content-Length", "Connection"]);
  await pane.getByRole("tab", { name: "Raw" }).click();
  await pane.getByText("PUT /in/raw/path?q=1 HTTP/1.1").waitFor();
  await pane.getByRole("button", { name: "Copy request" }).click();
  await eventually("the request is copied", async () => (await clipboard(page)).endsWith("Connection: close\n\nabc"));
  await page.context().close();
});

test("the copied curl command, run by bash, makes the same event again", async () => {
  const body = `{"it's":"\\n$HOME 'quoted' \`x\`"}\n\u0007`;
  const id = await send("again", body, "application/json");
  const { page, pane } = await openTab(id, "Overview");
  await pane.getByText("webhooks/again").first().waitFor();
  await page.keyboard.press("y");
  const command = await eventually("the command is copied", async () => (await clipboard(page)).startsWith("curl ") && clipboard(page));
  const answer = spawnSync("bash", ["-s"], { input: `${command} --silent\n`, encoding: "utf8" });
  const again = JSON.parse(answer.stdout) as { id: string };
  const read = async (of: string): Promise<Buffer> => {
    const response = await fetch(`${hub.inspector}/api/v1/events/${of}/body`, { headers: { authorization: `Bearer ${hub.token}` } });
    return Buffer.from(await response.arrayBuffer());
  };
  assert.deepEqual(await read(again.id), Buffer.from(body));
  await page.context().close();
});

test("ten megabytes open in tree, text and hex, and download byte for byte", async () => {
  const body = JSON.stringify({ items: Array.from({ length: 57_000 }, (_, id) => ({ id, note: "x".repeat(140), tags: ["a", "b"] })) });
  assert.ok(body.length > 9.5 * 1024 * 1024 && body.length < 10 * 1024 * 1024);
  const { page, pane, faults } = await openTab(await send("big", body, "application/json"), "Body");
  await pane.getByRole("treeitem", { name: "57,000 items" }).click();
  await pane.getByRole("tree").focus();
  await page.keyboard.press("End");
  await pane.getByRole("treeitem", { name: "56999" }).waitFor();
  await pane.getByRole("radio", { name: "Text" }).click();
  await pane.getByRole("region", { name: "Text" }).waitFor();
  await pane.getByRole("radio", { name: "Hex" }).click();
  await pane.getByText("00000000").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), pane.getByRole("button", { name: "Download body" }).click()]);
  const bytes = await readFile(await download.path());
  const digest = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
  assert.equal(digest(bytes), digest(body));
  assert.deepEqual(faults, []);
  await page.context().close();
});
