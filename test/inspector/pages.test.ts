import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { tempFolder } from "../support/temp-folder.ts";
import { startTestInspector, type TestInspector } from "../support/test-inspector.ts";

const DOCUMENT = `<!doctype html><meta name="csp-nonce" content="%NONCE%"><script type="module" crossorigin src="./assets/app-1a2b.js"></script>`;

async function startBuilt(t: TestContext): Promise<TestInspector> {
  const folder = tempFolder(t);
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), DOCUMENT);
  writeFileSync(join(folder, "favicon.svg"), "<svg/>");
  writeFileSync(join(folder, ".secret"), "secret");
  writeFileSync(join(folder, "assets", "app-1a2b.js"), "export {};");
  return startTestInspector(t, { rendererFolder: folder });
}

const visit = (hub: TestInspector, path: string) => hub.ask(path, { headers: { authorization: null }, redirect: "manual" });

test("every page's address shows the same document, with a nonce of its own in policy and page, and from the root", async (t) => {
  const hub = await startBuilt(t);
  const nonces = new Set<string>();
  for (const path of ["/", "/index.html", "/events", "/events/memory-1", "/devices/1f", "/devices/a/b%20c", "/events?filter=a"]) {
    const response = await visit(hub, path);
    assert.equal(response.status, 200, path);
    assert.match(response.headers.get("content-type") ?? "", /^text\/html/);
    assert.equal(response.headers.get("cache-control"), "no-store");
    const html = await response.text();
    const nonce = /content="([^"]+)"/.exec(html)?.[1] ?? "";
    assert.ok(response.headers.get("content-security-policy")?.includes(`'nonce-${nonce}'`), html);
    assert.match(html, /src="\/assets\/app-1a2b\.js"/);
    nonces.add(nonce);
  }
  assert.equal(nonces.size, 7);
});

test("hashed files are kept for ever, others are asked for again", async (t) => {
  const hub = await startBuilt(t);
  const asset = await visit(hub, "/assets/app-1a2b.js");
  assert.deepEqual([asset.status, asset.headers.get("cache-control")], [200, "public, max-age=31536000, immutable"]);
  assert.match(asset.headers.get("content-type") ?? "", /javascript/);
  const icon = await visit(hub, "/favicon.svg");
  assert.deepEqual([icon.status, icon.headers.get("cache-control")], [200, "public, max-age=0"]);
});

test("nothing outside the renderer's folder is served, nor what is hidden in it", async (t) => {
  const hub = await startBuilt(t);
  for (const path of [
    "/.secret",
    "/assets/../.secret",
    "/%2e%2e/package.json",
    "/assets/%2e%2e%2f.secret",
    "/assets",
    "/assets/",
    "/nowhere",
    "/main.tsx",
  ])
    assert.equal((await visit(hub, path)).status, 404, path);
});

test("before the pages are built, a page says how to build them", async (t) => {
  const hub = await startTestInspector(t);
  const response = await visit(hub, "/events");
  assert.equal(response.status, 503);
  assert.match(await response.text(), /npm run build/);
});
