import type { NewEvent } from "../../hub/ports.ts";
import { eventTypeOf } from "../../webhooks/event-type.ts";
import type { HttpExchange, ReceivedBody } from "../http-listener.ts";

/** Which source a path of `/in/<source>[/rest]` names; null when the path is another, "" when it names none. */
export function sourceNameOf(path: string): string | null {
  if (!path.startsWith("/in/")) return path === "/in" || path.startsWith("/in?") ? "" : null;
  let end = 4;
  while (end < path.length) {
    const code = path.charCodeAt(end);
    if (code === 47 /* / */ || code === 63 /* ? */ || code === 35 /* # */) break;
    end += 1;
  }
  const written = path.slice(4, end);
  if (!written.includes("%")) return written;
  try {
    return decodeURIComponent(written);
  } catch {
    return written; // a wrong escape: no source's name has a percent sign, so it is refused as what it is
  }
}

/** The event a request makes. `status` is what the sender is answered; `truncated` when the body is not all there. */
export function toWebhookEvent(
  exchange: HttpExchange,
  parts: { readonly source: string; readonly receivedAt: number; readonly body: ReceivedBody; readonly status: number },
): NewEvent {
  const { request, head, path } = exchange;
  const { body, source } = parts;
  const target = request.url ?? path;
  return {
    receivedAt: parts.receivedAt,
    protocol: "webhook",
    direction: "in",
    source,
    topic: `webhooks/${source}/${eventTypeOf(head.headers)}`,
    contentType: head.contentType,
    body: body.bytes,
    size: body.size,
    truncated: body.refusal !== null,
    state: body.refusal === null ? "accepted" : "refused",
    refusal: body.refusal?.code ?? null,
    verdict: "not-configured",
    verdictCause: null,
    duplicateOfSeq: null,
    retained: false,
    causeSeq: null,
    traceSeq: null,
    hops: 0,
    head: {
      method: request.method ?? "",
      target,
      httpVersion: request.httpVersion,
      headers: head.headers,
      trailers: exchange.trailers,
      remoteAddress: exchange.remoteAddress,
      publicUrl: target === path ? `${exchange.scheme}://${exchange.authority}${path}` : target,
      status: parts.status,
    },
  };
}
