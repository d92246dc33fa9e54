import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findDeepLink, parseDeepLink } from "../../main/electron/deep-link.ts";
import { parseFileName } from "../../main/electron/file-name.ts";
import { toFilePath } from "../../main/electron/file-path.ts";
import { findFreePort } from "../../main/platform/free-port.ts";
import { parseOutsideLink } from "../../main/electron/outside-link.ts";
import { isPageUrl } from "../../main/electron/page-origin.ts";
import { openPreferences, parsePreferences } from "../../main/electron/preferences.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("only the page's own scheme and host are its own addresses", () => {
  for (const own of ["app://signalbox/", "app://signalbox", "app://signalbox/events/x?filter=a#b"]) assert.equal(isPageUrl(own), true, own);
  const foreign = [
    "app://other/",
    "app://signalbox.example.com/",
    "app://a@signalbox/",
    "https://signalbox/",
    "file:///etc/passwd",
    "javascript:0",
    "",
  ];
  for (const url of foreign) assert.equal(isPageUrl(url), false, url);
});

test("only https links without a user name leave the app", () => {
  assert.equal(parseOutsideLink("https://example.com/a?b#c"), "https://example.com/a?b#c");
  const refused = [
    "http://example.com/",
    "file:///etc/passwd",
    "smb://host/x",
    "ms-msdt:/id",
    "https://github.com@evil.example/",
    "javascript:alert(1)",
  ];
  for (const url of [...refused, `https://example.com/${"a".repeat(3000)}`, 7, null, {}])
    assert.equal(parseOutsideLink(url), null, JSON.stringify(url));
});

test("a deep link leads to what a page shows and nowhere else", () => {
  assert.equal(parseDeepLink("signalbox://events/k3x9-2a"), "app://signalbox/events/k3x9-2a");
  assert.equal(parseDeepLink("signalbox://devices/1f/"), "app://signalbox/devices/1f");
  assert.equal(findDeepLink(["/usr/bin/signalbox", "--flag", "signalbox://events/k3x9-2a"]), "app://signalbox/events/k3x9-2a");
  for (const link of [
    "signalbox://events/",
    "signalbox://events/../x",
    "signalbox://events/a%2Fb",
    "signalbox://devices/%2e%2e/x",
    "signalbox://devices/a%00",
    "signalbox://devices/a\\b",
    `signalbox://devices/${"a/".repeat(40)}`,
    "signalbox://nowhere/a",
    "signalbox://settings",
    "https://events/a",
    "signalbox://events/a?b=javascript:0",
  ])
    assert.equal(parseDeepLink(link), null, link);
  assert.equal(findDeepLink(["signalbox", "--inspect"]), null);
});

test("a URL's path stays inside the page's folder however it is written", () => {
  const folder = join("/", "app", "page");
  assert.equal(toFilePath(folder, "/assets/a%20b.js"), join(folder, "assets", "a b.js"));
  assert.equal(toFilePath(folder, "/"), folder);
  for (const path of [
    "/../secret",
    "/%2e%2e/secret",
    "/..%2fsecret",
    "/a/%2e%2e/%2e%2e/secret",
    "/../page-of-others/x",
    "/%00",
    "/%ff",
    "/%",
  ])
    assert.equal(toFilePath(folder, path), null, path);
});

test("a suggested file name loses what a file system or a path could make of it", () => {
  assert.equal(parseFileName("event-1.json"), "event-1.json");
  assert.equal(parseFileName("../../.bashrc"), "-..-.bashrc");
  assert.equal(parseFileName("C:\\temp\\a?.txt"), "C-temp-a-.txt");
  assert.equal(parseFileName("a\u0000b\n.txt"), "a-b-.txt");
  assert.equal(parseFileName("x".repeat(500))?.length, 200);
  for (const name of ["", "...", "  ", 7, null, undefined]) assert.equal(parseFileName(name), null);
});

test("the next free port is found past busy ones", async (t) => {
  const busy = createServer().listen(0, "127.0.0.1");
  await once(busy, "listening");
  t.after(() => busy.close());
  const { port } = busy.address() as { port: number };
  const free = await findFreePort("127.0.0.1", port);
  assert.ok(free !== null && free > port && free <= port + 100, `${free} after ${port}`);
  assert.equal(await findFreePort("127.0.0.1", 65_536), null);
});

test("preferences survive a restart, and what is wrong in their file is left out", (t) => {
  const path = join(tempFolder(t), "desktop.json");
  const initial = { theme: "system", bounds: null, maximized: false, toldAboutTray: false };
  assert.deepEqual(openPreferences(path).get(), initial);
  const bounds = { x: 1, y: -2, width: 800, height: 600 };
  openPreferences(path).set({ theme: "dark", bounds });
  assert.deepEqual(openPreferences(path).get(), { ...initial, theme: "dark", bounds });
  writeFileSync(path, readFileSync(path, "utf8").slice(0, 10));
  assert.deepEqual(openPreferences(path).get(), initial);
  for (const text of ["null", "[]", '{"theme":"pink","bounds":{"x":1}}', '{"bounds":{"x":0,"y":0,"width":-1,"height":"9"}}'])
    assert.deepEqual(parsePreferences(text), initial, text);
});
