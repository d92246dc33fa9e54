import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright";
import { openBrowser, openInspector } from "../support/open-inspector.ts";
import { startHub, type TestHub } from "../support/run-signalbox.ts";

let hub: TestHub;
let browser: Browser;

before(async () => {
  [hub, browser] = await Promise.all([startHub(), openBrowser()]);
  await send("first", "{}");
});

after(async () => {
  await browser.close();
  await hub.stop();
});

async function send(source: string, body: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(`${hub.ingress}/in/${source}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    ...init,
  });
  return ((await response.json()) as { id: string }).id;
}

test("an event that is posted appears in the open list by itself", async () => {
  const { page, faults } = await openInspector(browser, hub);
  await page.getByRole("row", { name: "first" }).waitFor();
  await send("arriving", '{"now":"here"}');
  await page.getByRole("row", { name: /arriving.*"now":"here"/ }).waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a filter shows what matches, is kept in the address, and says what is wrong with itself", async () => {
  await send("red", '{"lamp":"red"}');
  await send("green", '{"lamp":"green"}');
  const { page } = await openInspector(browser, hub);
  await page.getByRole("row", { name: "green" }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("source:red");
  await page.keyboard.press("Enter");
  await page.getByRole("row", { name: "green" }).waitFor({ state: "detached" });
  await page.getByRole("row", { name: /red/ }).waitFor();
  assert.match(page.url(), /\?filter=source:red$/);
  await page.keyboard.type("nonsense:1");
  await page.keyboard.press("Enter");
  assert.match((await page.getByRole("alert").textContent()) ?? "", /there is no field "nonsense"/);
  assert.match(page.url(), /\?filter=source:red$/);
  await page.goBack();
  await page.getByRole("row", { name: "green" }).waitFor();
  await page.context().close();
});

test("a filter that matches nothing says so and is cleared by its button", async () => {
  const { page } = await openInspector(browser, hub, { path: "/events?filter=source:nobody" });
  await page.getByRole("heading", { name: "No event matches" }).waitFor();
  await page.getByRole("button", { name: "Clear the filter" }).last().click();
  await page.getByRole("row", { name: "first" }).waitFor();
  await page.context().close();
});

test("a paused list stands still, counts what comes, and shows all of it when resumed", async () => {
  const { page } = await openInspector(browser, hub);
  await page.getByRole("row", { name: "first" }).waitFor();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: /^Paused/ }).waitFor();
  for (let at = 0; at < 3; at += 1) await send(`paused-${at}`, "{}");
  await page.getByRole("button", { name: "3 new events" }).waitFor();
  assert.equal(await page.getByRole("row", { name: "paused-0" }).count(), 0);
  await page.getByRole("button", { name: "3 new events" }).click();
  await page.getByRole("row", { name: "paused-0" }).waitFor();
  assert.equal(await page.getByRole("row", { name: /paused-/ }).count(), 3);
  await page.context().close();
});

test("scrolling back loads older events to the very first, each once", async () => {
  const ids: string[] = [];
  for (let at = 0; at < 700; at += 1) ids.push(await send("many", `{"at":${at}}`));
  const { page } = await openInspector(browser, hub, { path: "/events?filter=source:many" });
  const grid = page.getByRole("grid", { name: "Events" });
  await page.getByRole("row", { name: '{"at":699}' }).waitFor();
  await grid.focus();
  await page.waitForFunction(() => {
    const list = document.querySelector('[role="grid"]')!;
    list.scrollTop = list.scrollHeight;
    return list.getAttribute("aria-rowcount") === "701";
  });
  await page.getByRole("row", { name: '{"at":0}' }).waitFor();
  await page.getByText("Nothing older matches.").waitFor();
  await page.context().close();
});

test("the address of an event opens it, also after a reload, and far from the newest", async () => {
  const id = await send("linked", '{"findMe":true}');
  for (let at = 0; at < 300; at += 1) await send("after", "{}");
  const { page } = await openInspector(browser, hub, { path: `/events/${id}` });
  await page.getByRole("complementary", { name: "Event details" }).getByText(`webhooks/linked/`).first().waitFor();
  await page.reload();
  await page.getByRole("complementary", { name: "Event details" }).getByText(id).waitFor();
  await page.locator('[role="row"][aria-selected="true"]', { hasText: "linked" }).waitFor();
  await page.context().close();
});

test("an unknown event's address says that there is none", async () => {
  const { page } = await openInspector(browser, hub, { path: "/events/zzzz-1" });
  await page.getByRole("heading", { name: "This event cannot be shown" }).waitFor();
  await page.context().close();
});
