import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright";
import { openBrowser, openInspector } from "../support/open-inspector.ts";
import { startHub, type TestHub } from "../support/run-signalbox.ts";

let hub: TestHub;
let browser: Browser;

before(async () => {
  [hub, browser] = await Promise.all([startHub(), openBrowser()]);
  for (const name of ["one", "two", "three"]) await fetch(`${hub.ingress}/in/${name}`, { method: "POST", body: `{"i am":"${name}"}` });
});

after(async () => {
  await browser.close();
  await hub.stop();
});

const detailTitle = (page: Page) => page.getByRole("complementary", { name: "Event details" }).getByRole("heading", { level: 2 });

test("j, k, Enter, brackets and Escape walk through events and their details", async () => {
  const { page } = await openInspector(browser, hub);
  await page.getByRole("row", { name: "one" }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await detailTitle(page).filter({ hasText: "two" }).waitFor();
  await page.keyboard.press("j");
  await detailTitle(page).filter({ hasText: "one" }).waitFor();
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await detailTitle(page).filter({ hasText: "three" }).waitFor();
  await page.keyboard.press("]");
  await page.getByRole("tab", { name: "Headers", selected: true }).waitFor();
  await page.keyboard.press("[");
  await page.getByRole("tab", { name: "Overview", selected: true }).waitFor();
  await page.keyboard.press("Escape");
  await detailTitle(page).waitFor({ state: "detached" });
  await page.goBack();
  await detailTitle(page).waitFor();
  await page.context().close();
});

test("a filter is written, completed, taken back and cleared without a mouse", async () => {
  const { page } = await openInspector(browser, hub);
  await page.getByRole("row", { name: "one" }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("sou");
  await page.keyboard.press("Tab");
  await page.keyboard.type("tw");
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Remove source:two" }).waitFor();
  await page.getByRole("row", { name: "one" }).waitFor({ state: "detached" });
  await page.keyboard.press("Backspace");
  await page.getByRole("row", { name: "one" }).waitFor();
  assert.equal(await page.getByRole("combobox", { name: "Filter events" }).inputValue(), "source:two");
  await page.keyboard.press("Enter");
  await page.getByRole("row", { name: "one" }).waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("x");
  await page.getByRole("row", { name: "one" }).waitFor();
  await page.context().close();
});

test("the palette runs a command found by typing, and ? lists the keys", async () => {
  const { page } = await openInspector(browser, hub);
  await page.getByRole("row", { name: "one" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Command palette" }).waitFor();
  await page.keyboard.type("theme: dark");
  await page.getByRole("menuitem", { name: "Theme: dark" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator('html[data-theme="dark"]').waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts and filters" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.context().close();
});

test("the timeline zooms into a stretch chosen with arrow keys, and out again", async () => {
  const { page } = await openInspector(browser, hub);
  await page.getByRole("row", { name: "one" }).waitFor();
  await page.getByRole("slider", { name: "Time" }).focus();
  await page.keyboard.press("Home");
  for (let at = 0; at < 5; at += 1) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Clear zoom" }).waitFor();
  assert.match(decodeURIComponent(page.url()), /after:\S+ before:\S+/);
  await page.getByRole("heading", { name: "No event matches" }).waitFor();
  await page.getByRole("button", { name: "Clear zoom" }).press("Enter");
  await page.getByRole("row", { name: "one" }).waitFor();
  await page.context().close();
});

test("Tab reaches the list once, and every control on the way has a name", async () => {
  const { page } = await openInspector(browser, hub);
  await page.getByRole("row", { name: "one" }).waitFor();
  const stops: string[] = [];
  for (let at = 0; at < 40; at += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const { activeElement: element } = document;
      return element && element !== document.body
        ? `${element.getAttribute("role") ?? element.tagName}:${element.getAttribute("aria-label") ?? element.textContent ?? ""}`
        : "";
    });
    if (stop === "" || stops.includes(stop)) break;
    stops.push(stop);
  }
  assert.equal(stops.filter((stop) => stop === "grid:Events").length, 1);
  assert.deepEqual(
    stops.filter((stop) => stop.endsWith(":")),
    [],
  );
  await page.context().close();
});
