import type { Foreign } from "./foreign.ts";
import { handlerFor, toAppUrl } from "./protocol.ts";
import { defaultSession } from "./session.ts";

type Send = (method: string, params: object) => Promise<unknown>;
interface Header {
  readonly name: string;
  readonly value: string;
}

export interface PageRequestsOptions {
  readonly contentsId: number;
  readonly send: Send;
  /** May the page's top frame go to this URL? */
  readonly mayNavigate: (url: string) => boolean;
  readonly isTopFrame: (frameId: string) => boolean;
}

export const PATTERNS = [
  { urlPattern: "*", requestStage: "Request" },
  { urlPattern: "*", requestStage: "Response" },
];

/** Every request of a page passes here, as Chromium pauses it: navigation guards, webRequest listeners, custom schemes. */
export function createPageRequests({ contentsId, send, mayNavigate, isTopFrame }: PageRequestsOptions) {
  const fail = (requestId: string, errorReason: string): Promise<unknown> => send("Fetch.failRequest", { requestId, errorReason });

  async function rewriteHeaders(details: { url: string }, headers: readonly Header[]): Promise<readonly Header[]> {
    const responseHeaders = Object.fromEntries(headers.map(({ name, value }) => [name, [value]]));
    const answer = await defaultSession.webRequest.askHeaders(Object.assign(details, { responseHeaders }));
    if (!answer.responseHeaders) return headers;
    return Object.entries<string | string[]>(answer.responseHeaders).flatMap(([name, values]) =>
      [values].flat().map((value) => ({ name, value })),
    );
  }

  async function handle({ requestId, request, resourceType, frameId, responseStatusCode, responseHeaders }: Foreign): Promise<unknown> {
    const url = toAppUrl(request.url);
    const details = { id: requestId, url, method: request.method, resourceType: resourceType.toLowerCase(), webContentsId: contentsId };
    if (responseStatusCode !== undefined) {
      const headers = await rewriteHeaders(details, responseHeaders);
      return send("Fetch.continueResponse", { requestId, responseCode: responseStatusCode, responseHeaders: headers });
    }
    if (resourceType === "Document" && isTopFrame(frameId) && !mayNavigate(url)) return fail(requestId, "Aborted");
    const wish = await defaultSession.webRequest.askBefore(details);
    if (wish.cancel) return fail(requestId, "BlockedByClient");
    const handler = handlerFor(url);
    if (!handler) return send("Fetch.continueRequest", { requestId, url: wish.redirectURL });
    const response = await handler(new Request(url, { method: request.method, headers: request.headers, body: request.postData }));
    const body = Buffer.from(await response.arrayBuffer()).toString("base64");
    const headers = await rewriteHeaders(
      details,
      [...response.headers].map(([name, value]) => ({ name, value })),
    );
    return send("Fetch.fulfillRequest", { requestId, responseCode: response.status, responseHeaders: headers, body });
  }

  return async (params: Foreign): Promise<void> => {
    try {
      await handle(params);
    } catch (error) {
      console.error(`${params.request.url}: ${String(error)}`);
      await fail(params.requestId, "Failed").catch(() => undefined); // the page is gone
    }
  };
}
