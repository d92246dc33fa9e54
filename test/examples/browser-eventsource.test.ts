import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright";
import { startDevicesHub } from "../support/devices-hub.ts";
import { openBrowser } from "../support/open-inspector.ts";
import { EXAMPLES } from "../support/run-example.ts";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

/** The page on an origin of its own, as any static server gives it out. */
async function serve(t: TestContext): Promise<string> {
  const html = readFileSync(join(EXAMPLES, "browser-eventsource/index.html"));
  const server = createServer((_request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(html));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function open(t: TestContext, origin: string, hub: string, key = ""): Promise<Page> {
  const page = await browser.newPage();
  t.after(() => page.close());
  page.setDefaultTimeout(15_000);
  await page.goto(`${origin}/?hub=${encodeURIComponent(hub)}`);
  await page.getByLabel("Key").fill(key);
  await page.getByRole("button", { name: "Follow" }).click();
  return page;
}

test("the page shows what comes on topics it never heard of, and publishes", async (t) => {
  const origin = await serve(t);
  const hub = await startDevicesHub(t, { env: { SIGNALBOX_ALLOW_ORIGINS: origin } });
  const page = await open(t, origin, hub.ingress, await hub.addKey("page"));
  await page.getByText("Following lab/#.").waitFor();
  await fetch(`${hub.ingress}/publish/lab/any/thing`, { method: "POST", body: "<b>21.5</b>" });
  await page.getByRole("row", { name: "lab/any/thing <b>21.5</b>" }).waitFor();
  await fetch(`${hub.ingress}/publish/lab/bytes`, { method: "POST", body: new Uint8Array([0, 255]) });
  await page.getByRole("row", { name: "lab/bytes 2 bytes" }).waitFor();
  await page.getByLabel("Payload").fill("from the page");
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText("Stored as 3.").waitFor();
  await page.getByRole("row", { name: "lab/page from the page" }).waitFor();
  const stored = await hub.api.allEvents();
  assert.deepEqual(
    stored.map(({ topic }) => topic),
    ["lab/any/thing", "lab/bytes", "lab/page"],
  );
});

test("a page the hub does not know, or whose key is wrong, is told so", async (t) => {
  const origin = await serve(t);
  const strict = await startDevicesHub(t);
  const stranger = await open(t, origin, strict.ingress);
  await stranger
    .getByText(`The hub refused: the filter or the key is wrong, or it was not started with --allow-origins ${origin}.`)
    .waitFor();
  const hub = await startDevicesHub(t, { env: { SIGNALBOX_ALLOW_ORIGINS: origin } });
  const page = await open(t, origin, hub.ingress, "sbk_wrong");
  await page.getByText("The hub refused").waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText("This key is unknown, switched off or expired.").waitFor();
});
