import { readFile } from "node:fs/promises";
import { join } from "node:path";
import express, { Router } from "express";
import { PAGE_NAMES } from "../../contract/page.ts";
import { allowOnly } from "./allow-only.ts";

/** The renderer's pages: each is the same document, which then shows the page of its address. */
const PAGE = new RegExp(`^/(?:index\\.html)?$|^/(?:${PAGE_NAMES.join("|")})(?:/[^/]+)*/?$`);

/** Stands in the document where the answer's nonce goes. */
const NONCE = "%NONCE%";

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Signalbox</title>
<h1>The inspector's pages are not built</h1>
<p>The hub runs. Build its pages with <code>npm run build</code>, then reload this one.</p>
</html>
`;

/** Serves the built renderer from its folder. Files with a hash in their name never change; the document is never kept. */
export function createPages(folder: string): Router {
  const router = Router();
  router.get(PAGE, async (_request, response) => {
    const document = await readDocument(join(folder, "index.html"));
    response
      .status(document ? 200 : 503)
      .set("Content-Type", "text/html; charset=utf-8")
      .set("Cache-Control", "no-store");
    response.send(document?.replaceAll(NONCE, String(response.locals["nonce"])) ?? NOT_BUILT);
  });
  router.all(PAGE, allowOnly(["GET", "HEAD"]));
  const settings = { index: false, redirect: false, dotfiles: "ignore" } as const;
  router.use("/assets", express.static(join(folder, "assets"), { ...settings, immutable: true, maxAge: "365d" }));
  router.use(express.static(folder, { ...settings, maxAge: 0 }));
  return router;
}

/** Null when it is not built. Its own files are named relative to it, which holds on "/" only, so they are named from the root. */
async function readDocument(path: string): Promise<string | null> {
  try {
    const html = await readFile(path, "utf8");
    return html.replaceAll(/\b(src|href)="\.\//g, '$1="/');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
