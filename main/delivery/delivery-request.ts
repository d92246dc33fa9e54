import type { HeaderList } from "../contract/event.ts";
import type { HubEvent } from "../hub/ports.ts";
import type { Signer } from "./signature.ts";

/** What of an event is sent: its bytes as they are, and what they are. */
export type DeliveredEvent = Pick<HubEvent, "id" | "topic" | "source" | "contentType" | "body" | "head">;

export interface RequestParts {
  readonly event: DeliveredEvent;
  /** Those of the endpoint itself. */
  readonly headers: HeaderList;
  readonly signer: Signer;
  readonly userAgent: string;
  /** The number of this try, from 1. */
  readonly attempt: number;
  /** Epoch ms. */
  readonly now: number;
}

/** What may stand in a header (RFC 9110 §5.5); devices may call a content type anything. */
const HEADER_TEXT = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** The headers of one attempt, of which only the attempt, the time and the signature differ from the next. */
export function toRequestHeaders({ event, headers, signer, userAgent, attempt, now }: RequestParts): Record<string, string> {
  const timestamp = Math.floor(now / 1000);
  const coding = event.head?.headers.find(([name]) => name.toLowerCase() === "content-encoding")?.[1];
  return {
    ...Object.fromEntries(headers),
    ...(event.contentType === null || !HEADER_TEXT.test(event.contentType) ? {} : { "content-type": event.contentType }),
    // The bytes are still coded as they came.
    ...(coding === undefined ? {} : { "content-encoding": coding }),
    "content-length": String(event.body.length),
    "user-agent": userAgent,
    accept: "*/*",
    "accept-encoding": "identity",
    "webhook-id": event.id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signer.sign(event.id, timestamp, event.body, now),
    "signalbox-topic": encodeURI(event.topic),
    ...(event.source === null ? {} : { "signalbox-source": event.source }),
    "signalbox-attempt": String(attempt),
  };
}
