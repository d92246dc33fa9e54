import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { launchDesktop } from "../support/launch-desktop.ts";

test("a busy port is told in a dialog that offers the next free one, and quitting ends the hub too", async (t) => {
  const busy = createServer().listen(0, "127.0.0.1");
  await once(busy, "listening");
  t.after(() => busy.close());
  const { port } = busy.address() as { port: number };

  const desktop = await launchDesktop({ env: { SIGNALBOX_INGRESS: "" }, prepare: (dataFolder) => writeSettings(dataFolder, 0) });
  t.after(() => desktop.close());
  const { pid } = await desktop.hub();
  await desktop.app.evaluate(({ dialog }) => {
    dialog.showMessageBox = async (...args: unknown[]) => {
      Object.assign(globalThis, { asked: args.at(-1) });
      return { response: 0, checkboxChecked: false };
    };
  });
  writeSettings(desktop.dataFolder, port);
  await desktop.app.evaluate(({ Menu }) => void Menu.getApplicationMenu()!.getMenuItemById("restart-hub")!.click());

  const hub = await eventually("a hub runs again", async () => {
    const found = await desktop.hub();
    return found.pid === pid ? null : found;
  });
  const asked = await desktop.app.evaluate(() => (globalThis as unknown as { asked: { message: string; buttons: string[] } }).asked);
  const chosen = Number(new URL(hub.ingress).port);
  assert.equal(asked.message, `Port ${port} is in use by another program.`);
  assert.deepEqual(asked.buttons, [`Use port ${chosen} this time`, "Try again", "Quit"]);
  assert.ok(chosen > port && chosen <= port + 100);
  assert.equal((await fetch(`${hub.ingress}/in/moved`, { method: "POST", body: "x" })).status, 200);

  await desktop.close();
  await eventually("the hub's process is gone", () => !isAlive(hub.pid));
});

function writeSettings(dataFolder: string, port: number): void {
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(join(dataFolder, "signalbox.yaml"), `ingress: 127.0.0.1:${port}\n`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
