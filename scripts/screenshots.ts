import webhooks from "@octokit/webhooks-examples" with { type: "json" };
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "playwright";
import { openBrowser, openInspector } from "../test/support/open-inspector.ts";
import { startHub, type TestHub } from "../test/support/run-signalbox.ts";
import { startHubWithDevices } from "./hub-with-devices.ts";
import { startHubWithReadings } from "./hub-with-readings.ts";

/**
 * Makes the README's pictures, or only those named: `node scripts/screenshots.ts [events] [topics] [devices]`. Hubs of their own get
 * GitHub's example webhooks with the headers GitHub sends, a day of a house's readings, and devices that go on sending, and are looked at in a real browser.
 */
const FOLDER = join(import.meta.dirname, "../docs/images");
const EXAMPLES = webhooks as unknown as readonly { readonly name: string; readonly examples: readonly object[] }[];
const SHOWN = "pull_request";

/** Long enough for the rate over the list to have a shape. */
const SPREAD_MS = 100_000;

const PICTURES = { events: shootEvents, topics: shootTopics, devices: shootDevices } as const;
const wanted = process.argv.slice(2);

await mkdir(FOLDER, { recursive: true });
const browser = await openBrowser();
try {
  for (const [name, shootThem] of Object.entries(PICTURES)) if (wanted.length === 0 || wanted.includes(name)) await shootThem();
} finally {
  await browser.close();
}

async function shootEvents(): Promise<void> {
  const hub = await startHub();
  const deliveries = EXAMPLES.flatMap(({ name, examples }) => examples.map((example) => ({ name, example })));
  for (const [at, { name, example }] of deliveries.entries()) {
    await deliver(hub, at % 11 === 0 ? "github-staging" : "github", name, JSON.stringify(example));
    if (at % 29 === 0) await publish(hub, "home/kitchen/temperature", (20 + Math.sin(at) * 2).toFixed(1));
    if (at % 67 === 0) await deliver(hub, "shop", "order.created", JSON.stringify({ order: 1000 + at, total: 49.9, currency: "EUR" }));
    // Now many, now few.
    await pause((SPREAD_MS / deliveries.length) * (0.15 + 1.7 * Math.abs(Math.sin(at / 25))));
  }
  await shoot(hub, "events-light", "light", async (page) => {
    await page.getByRole("row", { name: "github" }).first().waitFor();
  });
  await shoot(hub, "detail-dark", "dark", async (page) => {
    await page.goto(`${hub.inspector}/events?filter=source:github`);
    await page.getByRole("row", { name: "github" }).first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type(`topic:webhooks/+/${SHOWN}`);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await page.getByRole("row", { name: SHOWN }).nth(4).click();
    await page.getByRole("tab", { name: "Body" }).click();
    await page.getByRole("treeitem").first().waitFor();
  });
  await hub.stop();
}

async function shootTopics(): Promise<void> {
  const { hub, stop } = await startHubWithReadings();
  await shoot(hub, "topics-light", "light", async (page) => {
    await page.goto(`${hub.inspector}/topics/home/living-room/climate`);
    await page.getByRole("button", { name: "humidity" }).click();
    await page.getByRole("radio", { name: "24 h" }).click();
    await pause(8000); // what comes live has a shape
  });
  await stop();
}

async function shootDevices(): Promise<void> {
  const { hub, stop } = await startHubWithDevices();
  await shoot(hub, "devices-dark", "dark", async (page) => {
    await page.goto(`${hub.inspector}/devices`);
    await page.getByRole("row", { name: "kitchen-sensor" }).waitFor();
    await pause(62_000); // a minute of rates
    await page.getByRole("row", { name: "kitchen-sensor" }).click();
  });
  await stop();
}

async function shoot(hub: TestHub, name: string, colorScheme: "light" | "dark", prepare: (page: Page) => Promise<void>): Promise<void> {
  const { page } = await openInspector(browser, hub, { colorScheme, deviceScaleFactor: 2, viewport: { width: 1360, height: 850 } });
  await prepare(page);
  await page.mouse.move(680, 4);
  await pause(1500); // counts and rates settle
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  await page.context().close();
}

/** As GitHub delivers: its header names in its own case, a signature over the body. */
async function deliver(to: TestHub, source: string, event: string, body: string): Promise<void> {
  const outgoing = request(`${to.ingress}/in/${source}`, {
    method: "POST",
    headers: {
      Accept: "*/*",
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(body),
      "User-Agent": "GitHub-Hookshot/044aadd",
      "X-GitHub-Delivery": randomUUID(),
      "X-GitHub-Event": event,
      "X-GitHub-Hook-ID": "292430182",
      "X-GitHub-Hook-Installation-Target-ID": "79929171",
      "X-GitHub-Hook-Installation-Target-Type": "repository",
      "X-Hub-Signature-256": `sha256=${createHmac("sha256", "example").update(body).digest("hex")}`,
    },
  });
  outgoing.end(body);
  const [response] = (await once(outgoing, "response")) as [import("node:http").IncomingMessage];
  await once(response.resume(), "end");
}

async function publish(to: TestHub, topic: string, payload: string): Promise<void> {
  await fetch(`${to.inspector}/api/v1/publish`, {
    method: "POST",
    headers: { authorization: `Bearer ${to.token}`, "content-type": "application/json" },
    body: JSON.stringify({ topic, payload, contentType: "text/plain" }),
  });
}
