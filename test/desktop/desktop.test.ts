import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import type { Locator } from "playwright";
import { eventually } from "../support/eventually.ts";
import { electronArgs, electronProgram, launchDesktop, type TestDesktop } from "../support/launch-desktop.ts";

// These run on real Electron where its program is installed, otherwise on the stand-in of test/electron.
let desktop: TestDesktop;

before(async () => {
  desktop = await launchDesktop();
});
after(() => desktop?.close());

async function post(path: string, body: string): Promise<{ id: string; seq: number }> {
  const { ingress } = await desktop.hub();
  const response = await fetch(`${ingress}/in/${path}`, { method: "POST", body, headers: { "content-type": "application/json" } });
  assert.equal(response.status, 200);
  return (await response.json()) as { id: string; seq: number };
}

/** The event of that source, in the list of the window. */
function rowOf(source: string): Locator {
  return desktop.page.getByRole("row").filter({ hasText: source });
}

function clickMenu(id: string): Promise<void> {
  return desktop.app.evaluate(({ Menu }, item) => void Menu.getApplicationMenu()!.getMenuItemById(item)!.click(), id);
}

/** Takes the place of what would open a program outside, and tells what it was given. */
async function watchOpenedLinks(): Promise<() => Promise<readonly string[]>> {
  await desktop.app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = async (url) => void opened.push(url);
  });
  return () => desktop.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
}

test("a webhook posted to the ingress shows up live in the window, through the preload and a message port", async () => {
  await desktop.page.getByText("Connected").first().waitFor();
  const { id } = await post("the-first", '{"amount":42}');
  await desktop.page.getByRole("button", { name: "Open it" }).click(); // the first steps end with it
  await desktop.page.getByText(id).first().waitFor(); // its detail, fetched by a call
  await desktop.page.keyboard.press("Escape");
  await post("the-second", '{"amount":43}');
  await rowOf("the-second").waitFor();
});

test("menu commands reach the page", async () => {
  const dialog = desktop.page.getByRole("dialog");
  await clickMenu("palette");
  await dialog.waitFor();
  await desktop.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await clickMenu("help");
  await dialog.waitFor();
  await desktop.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

test("the menu's theme is the window's, and is remembered", async () => {
  const isDark = (): Promise<boolean> => desktop.page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
  await clickMenu("theme-dark");
  await eventually("the page is dark", isDark);
  assert.match(readFileSync(join(desktop.userData, "desktop.json"), "utf8"), /"theme": "dark"/);
  await clickMenu("theme-light");
  await eventually("the page is light", async () => !(await isDark()));
});

test("only https links are opened outside", async () => {
  const opened = await watchOpenedLinks();
  await desktop.page.evaluate(() => window.signalbox!.openExternal("https://example.com/a"));
  assert.deepEqual(await opened(), ["https://example.com/a"]);
  for (const url of ["file:///etc/passwd", "http://example.com/", "javascript:alert(1)"])
    await assert.rejects(
      desktop.page.evaluate((link) => window.signalbox!.openExternal(link), url),
      /Only https links are opened outside Signalbox/,
    );
  assert.equal((await opened()).length, 1);
});

test("a file is saved where the person says, and what is not a file is refused", async () => {
  const path = join(desktop.userData, "saved.bin");
  const save = (name: unknown, bytes: unknown): Promise<boolean> =>
    desktop.page.evaluate(([one, two]) => window.signalbox!.saveFile(one as string, two as Uint8Array), [name, bytes] as const);
  await desktop.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, path);
  assert.equal(await desktop.page.evaluate(() => window.signalbox!.saveFile("event.bin", new Uint8Array([0, 255, 7]))), true);
  assert.deepEqual([...readFileSync(path)], [0, 255, 7]);
  await assert.rejects(save("event.bin", "text"), /A file name and its bytes are needed/);
  await assert.rejects(save(7, null), /A file name and its bytes are needed/);
  await desktop.app.evaluate(({ dialog }) => {
    dialog.showSaveDialog = async () => ({ canceled: true, filePath: "" });
  });
  assert.equal(await desktop.page.evaluate(() => window.signalbox!.saveFile("event.bin", new Uint8Array())), false);
});

test("the page has no Node, no ipc, and an API that it cannot change", async () => {
  const found = await desktop.page.evaluate(() => {
    const names = ["require", "process", "module", "Buffer", "electron", "ipcRenderer", "electronSend"];
    return {
      there: names.filter((name) => name in globalThis),
      frozen: Object.isFrozen(window.signalbox),
      members: Object.keys(window.signalbox!),
    };
  });
  assert.deepEqual(found.there, []);
  assert.equal(found.frozen, true);
  assert.ok(found.members.length <= 8, found.members.join());
});

test("the page's policy blocks inline scripts, eval and every other host", async () => {
  const policy = async (): Promise<string> => desktop.page.evaluate(async () => (await fetch("/")).headers.get("content-security-policy")!);
  const [first, second] = [await policy(), await policy()];
  assert.match(first, /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w+/=]{24}'/);
  assert.doesNotMatch(first, /unsafe/);
  assert.notEqual(first, second, "the nonce is another each time");
  const ran = await desktop.page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.pwned = true";
    document.head.append(script);
    return "pwned" in window;
  });
  assert.equal(ran, false);
  await assert.rejects(
    desktop.page.evaluate(() => fetch("http://127.0.0.1:9/")),
    /Failed to fetch/,
  );
});

test("the app's scheme gives the page's own files and nothing beside them", async () => {
  const ask = (path: string): Promise<readonly [number, string | null]> =>
    desktop.page.evaluate(async (url) => {
      const response = await fetch(url);
      return [response.status, response.headers.get("content-type")] as const;
    }, path);
  assert.deepEqual(await ask("/events/an-id?filter=a"), [200, "text/html; charset=utf-8"]);
  assert.equal((await ask("/no-such-file.js"))[0], 404);
  for (const path of ["/..%2f..%2fpackage.json", "/%2e%2e%2fpreload%2fpreload.cjs", "/a%00.js"])
    assert.equal((await ask(path))[0], 400, path);
});

test("the window opens no other window and goes to no other page", async () => {
  const opened = await watchOpenedLinks();
  await desktop.app.evaluate(({ BrowserWindow }) => {
    const refused: string[] = [];
    Object.assign(globalThis, { refused });
    BrowserWindow.getAllWindows()[0]!.webContents.on("will-navigate", ({ url }) => refused.push(url));
  });
  await desktop.page.evaluate(() => void window.open("https://example.com/popup"));
  await eventually("the link went to the browser", async () => (await opened()).includes("https://example.com/popup"));
  await desktop.page.evaluate(() => void window.open("file:///etc/passwd"));
  await desktop.page.evaluate(() => void (location.href = "https://example.com/elsewhere"));
  await eventually("the app was asked about the navigation", () =>
    desktop.app.evaluate(() => (globalThis as unknown as { refused: string[] }).refused.includes("https://example.com/elsewhere")),
  );
  assert.equal(desktop.app.windows().length, 1);
  assert.deepEqual(await opened(), ["https://example.com/popup"]);
  assert.match(
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getURL()),
    /^app:\/\/signalbox\//,
  );
  await eventually("the page is still there", async () => (await desktop.page.title()).endsWith("Signalbox"));
});

test("the tray's lamp tells where the hub receives", async (t) => {
  const toolTip = await desktop.app.evaluate(({ Tray }) => (Tray as unknown as { all?: { toolTip: string }[] }).all?.[0]?.toolTip);
  if (toolTip === undefined) return t.skip("real Electron does not tell which tray icons there are");
  assert.equal(toolTip, `Signalbox: receiving at ${(await desktop.hub()).ingress}`);
});

test("when the hub's process is killed the window says why, and it comes back with nothing lost", async () => {
  await post("before-the-end", "kept");
  const { pid } = await desktop.hub();
  const reason = desktop.page.getByText(/process ended unexpectedly/).first();
  const shown = reason.waitFor();
  process.kill(pid, "SIGKILL");
  await shown;
  await eventually("another hub runs", async () => (await desktop.hub()).pid !== pid);
  await reason.waitFor({ state: "detached" });
  await eventually("the new hub listens", () => post("after-the-end", "back again").catch(() => null));
  await rowOf("after-the-end").waitFor();
  await rowOf("before-the-end").waitFor();
});

test("what happened is in a log file, which the Help menu shows", async () => {
  const path = join(desktop.userData, "logs/signalbox.log");
  assert.match(readFileSync(path, "utf8"), /process ended unexpectedly/);
  await desktop.app.evaluate(({ shell }) => {
    shell.showItemInFolder = (shown) => void Object.assign(globalThis, { shown });
  });
  await clickMenu("show-log-file");
  assert.equal(await desktop.app.evaluate(() => (globalThis as unknown as { shown: string }).shown), path);
});

test("closing the window leaves the hub at work; a second start brings it back, at the event of its link", async () => {
  const isVisible = (): Promise<boolean> => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible());
  const bounds = await desktop.app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0]!;
    window.setBounds({ x: 40, y: 50, width: 900, height: 700 });
    window.close();
    return window.getNormalBounds();
  });
  assert.equal(await isVisible(), false);
  assert.deepEqual(JSON.parse(readFileSync(join(desktop.userData, "desktop.json"), "utf8")).bounds, bounds, "its place is remembered");
  const { id } = await post("hidden", '{"while":"closed"}');
  await desktop.page.evaluate(() => void Object.assign(window, { isTheSame: true }));
  const second = spawn(electronProgram(), [...electronArgs(resolve("."), desktop.userData), `signalbox://events/${id}`], {
    stdio: "ignore",
  });
  const [code] = (await once(second, "exit")) as [number | null];
  assert.equal(code, 0);
  await eventually("the window is back", isVisible);
  await desktop.page.waitForURL((url) => url.pathname === `/events/${id}`);
  assert.equal(await desktop.page.evaluate(() => "isTheSame" in window), true, "the page went there without being loaded anew");
});
