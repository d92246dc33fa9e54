import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

type SchemeHandler = (request: Request) => Promise<Response> | Response;

const handlers = new Map<string, SchemeHandler>();

export const protocol = {
  registerSchemesAsPrivileged(): void {},
  handle: (scheme: string, handler: SchemeHandler): void => void handlers.set(scheme, handler),
  unhandle: (scheme: string): void => void handlers.delete(scheme),
  isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
};

export function handlerFor(url: string): SchemeHandler | undefined {
  return handlers.get(new URL(url).protocol.slice(0, -1));
}

/** Chromium takes no custom schemes from outside, so app://host/path is served to it as https://host.app.electron.test/path. */
export function toChromiumUrl(url: string): string {
  return url.replace(/^([\w.+-]+):\/\/([^/]*)/, (all, scheme, host) =>
    handlers.has(scheme) ? `https://${host}.${scheme}.electron.test` : all,
  );
}

/** What the app calls the URL that Chromium knows. */
export function toAppUrl(url: string): string {
  return url.replace(/^https:\/\/([^/]*)\.([\w+-]+)\.electron\.test/, "$2://$1");
}

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
};

export const net = {
  async fetch(input: string | Request, init?: RequestInit): Promise<Response> {
    const url = typeof input === "string" ? input : input.url;
    if (!url.startsWith("file:")) return fetch(input, init);
    const body = await readFile(fileURLToPath(url)).catch((cause: unknown) => {
      throw new Error("net::ERR_FILE_NOT_FOUND", { cause });
    });
    return new Response(new Uint8Array(body), {
      headers: { "content-type": TYPES[extname(new URL(url).pathname)] ?? "application/octet-stream" },
    });
  },
  isOnline: () => true,
};
