import { protocol } from "electron";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { PAGE_NAMES } from "../contract/page.ts";
import { toFilePath } from "./file-path.ts";
import { isPageUrl, PAGE_SCHEME } from "./page-origin.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** Before the app is ready: gives app:// an origin, the rules of https, and `fetch`. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

/** Answers app://signalbox/… with the files of `folder`, and with its index.html where the path names a page instead of a file. */
export function servePage(folder: string): void {
  protocol.handle(PAGE_SCHEME, async ({ url, method }) => {
    if (!isPageUrl(url)) return refuse(404);
    if (method !== "GET" && method !== "HEAD") return refuse(405);
    const { pathname } = new URL(url);
    const path = toFilePath(folder, pathname);
    if (path === null) return refuse(400);
    // A topic's name may look like a file's.
    const isPage = extname(path) === "" || path.endsWith(`${sep}index.html`) || PAGE_NAMES.some((page) => pathname.startsWith(`/${page}/`));
    return isPage ? answerPage(join(folder, "index.html")) : answerFile(path);
  });
}

/** Nothing but the app's own files, nothing inline without this answer's nonce, no connections: the hub comes by MessagePort. */
function toPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

async function answerPage(path: string): Promise<Response> {
  const nonce = randomBytes(18).toString("base64");
  const html = await readFile(path, "utf8").catch(() => null);
  if (html === null) return new Response("The window's page is not built. Run: npm run build", { status: 404 });
  return answer(html.replaceAll("%NONCE%", nonce), ".html", { "content-security-policy": toPolicy(nonce) });
}

async function answerFile(path: string): Promise<Response> {
  const body = await readFile(path).catch(() => null);
  return body === null ? refuse(404) : answer(new Uint8Array(body), extname(path));
}

function answer(body: string | Uint8Array<ArrayBuffer>, extension: string, headers: Readonly<Record<string, string>> = {}): Response {
  const type = TYPES[extension] ?? "application/octet-stream";
  return new Response(body, {
    headers: { "content-type": type, "x-content-type-options": "nosniff", "cache-control": "no-cache", ...headers },
  });
}

function refuse(status: number): Response {
  return new Response(null, { status });
}
