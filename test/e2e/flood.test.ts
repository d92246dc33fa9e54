import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { after, before, test } from "node:test";
import type { Browser } from "playwright";
import { openBrowser, openInspector } from "../support/open-inspector.ts";
import { startHub, type TestHub } from "../support/run-signalbox.ts";

const EVENTS = 12_000;
const CONNECTIONS = 16;

let hub: TestHub;
let browser: Browser;

before(async () => {
  [hub, browser] = await Promise.all([startHub(), openBrowser()]);
});

after(async () => {
  await browser.close();
  await hub.stop();
});

/** Posts as fast as the hub takes them. */
async function flood(count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let left = count;
  const post = (): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const outgoing = request(`${hub.ingress}/in/flood`, { method: "POST", agent }, (response) => response.resume().on("end", resolve));
    outgoing.on("error", reject);
    outgoing.end('{"filling":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}');
    return promise;
  };
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (left-- > 0) await post();
    }),
  );
  agent.destroy();
}

test("in a flood of events the page keeps few rows and little memory, answers keys, and misses none", async () => {
  await fetch(`${hub.ingress}/in/first`, { method: "POST" });
  const { page, faults } = await openInspector(browser, hub);
  await page.getByRole("row", { name: "first" }).waitFor();
  const arriving = flood(EVENTS);
  await page.getByRole("row", { name: "flood" }).first().waitFor();
  // While they come: open one, look at its body, close it, pause.
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "Event details" }).getByText("webhooks/flood").first().waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("complementary", { name: "Event details" }).waitFor({ state: "detached" });
  await page.keyboard.press("l");
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: /^Paused/ }).waitFor();
  await arriving;
  await fetch(`${hub.ingress}/in/last`, { method: "POST" });
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: /^Live/ }).waitFor();
  const newest = page.getByRole("row").nth(1).filter({ hasText: "last" });
  await newest.waitFor();
  await newest.click();
  await page
    .getByRole("complementary", { name: "Event details" })
    .getByText(`#${(EVENTS + 2).toLocaleString("en-US")}`)
    .waitFor();

  assert.ok((await page.getByRole("row").count()) < 100);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  assert.ok(usedSize < 150 * 1024 * 1024, `${usedSize} bytes of heap`);
  assert.deepEqual(faults, []);
  await page.context().close();
});
