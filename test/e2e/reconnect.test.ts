import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright";
import { openBrowser, openInspector } from "../support/open-inspector.ts";
import { startHub } from "../support/run-signalbox.ts";
import { tempFolder } from "../support/temp-folder.ts";

let browser: Browser;

before(async () => {
  browser = await openBrowser();
});

after(() => browser.close());

test("after the hub was away the page comes back by itself and shows what it missed, each event once", async (t) => {
  const dataFolder = tempFolder(t);
  const first = await startHub({ dataFolder });
  const send = async (url: string, at: number): Promise<void> => {
    await fetch(`${url}/in/run`, { method: "POST", body: `{"at":${at}}` });
  };
  for (let at = 0; at < 5; at += 1) await send(first.ingress, at);
  const { page, faults } = await openInspector(browser, first);
  await page.getByRole("row", { name: '{"at":4}' }).waitFor();

  await first.kill();
  await page.getByRole("alert").filter({ hasText: "connection to the hub is lost" }).waitFor();
  await page.getByRole("button", { name: /^Offline/ }).waitFor();

  const port = new URL(first.inspector).port;
  t.after(() => first.kill());
  const second = await startHub({ dataFolder, env: { SIGNALBOX_INSPECTOR: `127.0.0.1:${port}` } });
  t.after(() => second.stop());
  // Some arrive before the page is back, some after.
  for (let at = 5; at < 10; at += 1) await send(second.ingress, at);
  await page.getByText("Connected").waitFor();
  for (let at = 10; at < 15; at += 1) await send(second.ingress, at);
  await page.getByRole("row", { name: '{"at":14}' }).waitFor();
  const rows = await page.getByRole("row").allTextContents();
  const shown = rows.flatMap((text) => /\{"at":(\d+)\}/.exec(text)?.[1] ?? []).map(Number);
  assert.deepEqual(
    shown.sort((a, b) => a - b),
    Array.from({ length: 15 }, (_, at) => at),
  );
  assert.deepEqual(faults, []);
  await page.context().close();
});
