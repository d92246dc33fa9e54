import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright";
import { axeFindings as findings } from "../support/axe-findings.ts";
import { openBrowser, openInspector } from "../support/open-inspector.ts";
import { startHub, type TestHub } from "../support/run-signalbox.ts";

let hub: TestHub;
let browser: Browser;
let id: string;

before(async () => {
  [hub, browser] = await Promise.all([startHub(), openBrowser()]);
  await fetch(`${hub.ingress}/in/shop`, { method: "POST", body: "x".repeat(100) });
  await fetch(`${hub.ingress}/in/shop`, { method: "POST", body: new Uint8Array(12 * 1024 * 1024) }).catch(() => null);
  const body = JSON.stringify({ text: "a", number: 1, yes: true, nothing: null, list: [1, { deep: [] }] });
  const response = await fetch(`${hub.ingress}/in/github`, { method: "POST", headers: { "content-type": "application/json" }, body });
  ({ id } = (await response.json()) as { id: string });
});

after(async () => {
  await browser.close();
  await hub.stop();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing on the Events page and in the details, ${colorScheme}`, async () => {
    const { page } = await openInspector(browser, hub, { path: `/events/${id}`, colorScheme, reducedMotion: "reduce" });
    const pane = page.getByRole("complementary", { name: "Event details" });
    await pane.getByText("webhooks/github").first().waitFor();
    assert.deepEqual(await findings(page), [], "overview");
    for (const tab of ["Headers", "Raw", "Body"]) {
      await pane.getByRole("tab", { name: tab }).click();
      await pane.getByRole("tabpanel", { name: tab }).waitFor();
      assert.deepEqual(await findings(page), [], tab);
    }
    for (const format of ["Hex", "Text"]) {
      await pane.getByRole("radio", { name: format }).click();
      if (format === "Text") await pane.locator(".cm-line").first().waitFor();
      assert.deepEqual(await findings(page), [], format);
    }
    await page.keyboard.press("Escape");
    await page.context().close();
  });

  test(`axe finds nothing in filter, dialogs, empty and lost states, ${colorScheme}`, async () => {
    const { page } = await openInspector(browser, hub, { path: "/events?filter=source:shop", colorScheme, reducedMotion: "reduce" });
    await page.getByRole("row", { name: "shop" }).first().waitFor();
    assert.deepEqual(await findings(page), [], "list");
    await page.keyboard.press("/");
    await page.getByRole("listbox").waitFor();
    assert.deepEqual(await findings(page), [], "suggestions");
    await page.keyboard.type("status:x");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    assert.deepEqual(await findings(page), [], "fault");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await findings(page), [], "palette");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await findings(page), [], "help");
    await page.goto(`${hub.inspector}/events?filter=source:none`);
    await page.getByRole("heading", { name: "No event matches" }).waitFor();
    assert.deepEqual(await findings(page), [], "no match");
    await page.context().close();
  });

  test(`axe finds nothing on the login page, ${colorScheme}`, async () => {
    const { page } = await openInspector(browser, hub, { stranger: true, colorScheme });
    await page.getByRole("heading", { name: "This hub needs to know you" }).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.context().close();
  });
}

test("axe finds nothing in the welcome, light and dark", async (t) => {
  const fresh = await startHub();
  t.after(() => fresh.stop());
  for (const colorScheme of ["light", "dark"] as const) {
    const { page } = await openInspector(browser, fresh, { colorScheme });
    await page.getByRole("heading", { name: "The line is clear" }).waitFor();
    assert.deepEqual(await findings(page), [], colorScheme);
    await page.context().close();
  }
});
