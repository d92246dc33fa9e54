import type { CDPSession, Page } from "playwright";
import { openBrowser, openInspector } from "../test/support/open-inspector.ts";
import { startHub } from "../test/support/run-signalbox.ts";
import { watchTasks } from "./longest-tasks.ts";
import { runPacedLoad } from "./paced-load.ts";

/**
 * The Events page in a real Chromium (software rendering) while webhooks arrive: how long a key waits before the page
 * handles it and until what it did is painted, how many frames are drawn, the longest task, and the heap after collection.
 * `npm run bench -- renderer [seconds] [events per second]`
 */
const SECONDS = Number(process.argv[3] ?? 60);
const PER_SECOND = Number(process.argv[4] ?? 2000);
const BODY = JSON.stringify({ action: "opened", number: 1, filling: "x".repeat(900) });
const KEY_EVERY_MS = 200;

/** Runs in the page, before anything of ours. */
const PROBE = `
  const probe = (globalThis.probe = { delays: [], paints: [], longest: 0, longTasks: 0, frames: 0 });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      probe.longTasks += 1;
      probe.longest = Math.max(probe.longest, duration);
    }
  }).observe({ type: "longtask" });
  addEventListener("keydown", (event) => {
    probe.delays.push(performance.now() - event.timeStamp);
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => probe.paints.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(0);
    });
  }, true);
  const frame = () => { probe.frames += 1; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
`;

interface Probe {
  readonly delays: readonly number[];
  readonly paints: readonly number[];
  readonly longest: number;
  readonly longTasks: number;
  readonly frames: number;
}

const hub = await startHub();
const browser = await openBrowser();
try {
  const { page } = await openInspector(browser, hub, { viewport: { width: 1440, height: 900 } });
  await page.context().addInitScript({ content: PROBE });
  await page.reload();
  await fetch(`${hub.ingress}/in/load`, { method: "POST", body: BODY });
  await page
    .getByRole("row", { name: "load" })
    .or(page.getByRole("button", { name: "Open it" }))
    .first()
    .waitFor();
  const open = page.getByRole("button", { name: "Open it" });
  if (await open.isVisible()) await open.click();
  await page.keyboard.press("Escape");
  const devtools = await page.context().newCDPSession(page);
  const before = await heapBytes(devtools);
  await page.evaluate("Object.assign(probe, { delays: [], paints: [], longest: 0, longTasks: 0, frames: 0 })");
  const tasksDone = await watchTasks(browser, page);
  const load = runPacedLoad(`${hub.ingress}/in/load`, { body: BODY, connections: 32, perSecond: PER_SECOND, seconds: SECONDS });
  await pressKeys(page, SECONDS * 1000);
  const probe = (await page.evaluate("probe")) as Probe;
  const sent = await load;
  const tasks = await tasksDone();
  const after = await heapBytes(devtools);
  console.log(
    `${sent.sent.toLocaleString("en-US")} events in ${SECONDS} s, ${Math.round(sent.perSecond)} a second; answered p99 ${ms(sent.p99Ms)}`,
  );
  console.log(`input delay   p50 ${ms(at(probe.delays, 0.5))}  p99 ${ms(at(probe.delays, 0.99))}  longest ${ms(at(probe.delays, 1))}`);
  console.log(`key to paint  p50 ${ms(at(probe.paints, 0.5))}  p99 ${ms(at(probe.paints, 0.99))}  longest ${ms(at(probe.paints, 1))}`);
  console.log(`frames        ${(probe.frames / SECONDS).toFixed(1)} a second`);
  console.log(
    `long tasks    ${probe.longTasks}, the longest ${ms(probe.longest)}; of the processor's time at most ${ms(tasks.longestCpuMs)}`,
  );
  console.log(`heap          ${mb(before)} before, ${mb(after)} after`);
} finally {
  await browser.close();
  await hub.stop();
}

/** What a person does meanwhile: moves, opens, closes, pauses and goes on. */
async function pressKeys(page: Page, lengthMs: number): Promise<void> {
  const keys = ["j", "j", "k", "Enter", "]", "j", "Escape", "Escape", "l", "Space", "Space"];
  const until = performance.now() + lengthMs;
  for (let turn = 0; performance.now() < until; turn += 1) {
    await page.keyboard.press(keys[turn % keys.length]!);
    await page.waitForTimeout(KEY_EVERY_MS);
  }
}

async function heapBytes(devtools: CDPSession): Promise<number> {
  await devtools.send("HeapProfiler.collectGarbage");
  return (await devtools.send("Runtime.getHeapUsage")).usedSize;
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function mb(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
