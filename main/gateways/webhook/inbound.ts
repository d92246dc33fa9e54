import type { HeaderList } from "../../contract/event.ts";
import type { NewEvent } from "../../hub/ports.ts";
import { eventTypeOf, toTopicLevels } from "../../webhooks/event-type.ts";
import type { WebhookRequest } from "../../webhooks/provider.ts";
import type { HttpExchange, ReceivedBody } from "../http-listener.ts";
import type { Judgement } from "./judge.ts";

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

/** The request as those who know providers look at it. */
export function toWebhookRequest(exchange: HttpExchange, body: ReceivedBody): WebhookRequest {
  return { method: exchange.request.method ?? "", url: exchange.publicUrl, headers: exchange.head.headers, body: body.bytes };
}

/** The event a request makes. `status` is what the sender is answered. */
export function toWebhookEvent(
  exchange: HttpExchange,
  parts: {
    readonly source: string;
    readonly receivedAt: number;
    readonly body: ReceivedBody;
    readonly status: number;
    readonly judgement: Judgement;
  },
): NewEvent {
  const { request, head, path } = exchange;
  const { body, source, judgement } = parts;
  const { state, verification, refusal, delivery } = judgement;
  const target = request.url ?? path;
  return {
    receivedAt: parts.receivedAt,
    protocol: "webhook",
    direction: "in",
    source,
    topic: `webhooks/${source}/${levelsOf(judgement, head.headers)}`,
    contentType: head.contentType,
    body: body.bytes,
    size: body.size,
    truncated: body.refusal !== null,
    state,
    refusal: refusal?.code ?? null,
    verdict: verification.verdict,
    verdictCause: verification.cause,
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
      remoteAddress: exchange.sender,
      publicUrl: exchange.publicUrl,
      status: parts.status,
    },
    ...(delivery === null ? {} : { delivery }),
    ...(verification.message === null ? {} : { verdictMessage: verification.message }),
  };
}

/** The end of the topic: what kind of event it is. */
function levelsOf({ handshake, eventType }: Judgement, headers: HeaderList): string {
  if (handshake) return "handshake";
  return eventType === null ? eventTypeOf(headers) : toTopicLevels(eventType);
}
