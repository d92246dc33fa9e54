import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright";
import { openBrowser, openInspector } from "../support/open-inspector.ts";
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

test("the login link lets one browser in, leaves the address bar, and works once", async () => {
  const { page } = await openInspector(browser, hub, { stranger: true, path: hub.login });
  await page.getByText("Connected").waitFor();
  assert.doesNotMatch(page.url(), /login/);
  await page.reload();
  await page.getByText("Connected").waitFor();
  const second = await openInspector(browser, hub, { stranger: true, path: hub.login });
  await second.page.getByRole("heading", { name: "The hub did not let you in" }).waitFor();
  await second.page.getByText(/used already/).waitFor();
  await page.context().close();
  await second.page.context().close();
});

test("a stranger is told how to get in, and the pasted token opens the inspector", async () => {
  const { page } = await openInspector(browser, hub, { stranger: true });
  await page.getByRole("heading", { name: "This hub needs to know you" }).waitFor();
  await page.getByText("signalbox open", { exact: true }).waitFor();
  await page.getByLabel("Token").fill("wrong");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "The hub did not let you in" }).waitFor();
  await page.getByLabel("Token").fill(hub.token);
  await page.keyboard.press("Enter");
  await page.getByText("Connected").waitFor();
  await page.context().close();
});

test("a hub without events welcomes with its address, and the three steps end with a real event", async () => {
  const { page, faults } = await openInspector(browser, hub);
  await page.getByText(`curl ${hub.ingress}/in/hello`).waitFor();
  await page.getByRole("button", { name: "Send a test event" }).click();
  await page.getByRole("heading", { name: /Here it is/ }).waitFor();
  await page.getByRole("button", { name: "Open it" }).click();
  await page.getByRole("complementary", { name: "Event details" }).getByText("signalbox/hello").first().waitFor();
  await page.getByRole("row", { name: /hello/ }).waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});
