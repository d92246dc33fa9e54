import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright";

const PAGE = fileURLToPath(new URL("../../dist/renderer/index.html", import.meta.url));
const CHROMIUM = "/usr/bin/chromium";
/** No GPU, no sandbox (tests may run as root), and nothing that calls home. */
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--force-color-profile=srgb",
];

/** A real Chromium. Throws with what to do when it, or the built page, is missing. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(PAGE)) throw new Error("The inspector's page is not built. Run: npm run build");
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing. Run: apt-get install chromium`);
  return chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: false, args: FLAGS });
}

export interface OpenOptions extends BrowserContextOptions {
  /** From the inspector's origin, `/events` unless said. */
  readonly path?: string;
  /** Leaves out the token, so that the page asks for it. */
  readonly stranger?: boolean;
}

export interface InspectorPage {
  readonly page: Page;
  /** What the page wrote to the console as an error, or threw. */
  readonly faults: readonly string[];
}

/** Opens the inspector of a running hub as someone who has been let in before. */
export async function openInspector(
  browser: Browser,
  hub: { readonly inspector: string; readonly token: string },
  { path = "/events", stranger = false, ...context }: OpenOptions = {},
): Promise<InspectorPage> {
  const opened = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...context });
  if (!stranger) await opened.addInitScript({ content: `localStorage.setItem("signalbox.token", ${JSON.stringify(hub.token)})` });
  const page = await opened.newPage();
  page.setDefaultTimeout(15_000);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    // A hub that is restarted is meant to be missed for a moment.
    if (message.type() === "error" && !message.text().includes("ERR_CONNECTION_REFUSED")) faults.push(message.text());
  });
  await page.goto(new URL(path, hub.inspector).href);
  return { page, faults };
}
