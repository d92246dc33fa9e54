import type { Protocol } from "../contract/event.ts";
import type { NewEvent, RequestHead } from "../hub/ports.ts";

export interface EventParts {
  readonly receivedAt: number;
  readonly protocol: Protocol;
  readonly topic: string;
  readonly contentType: string | null;
  readonly body: Uint8Array;
  readonly retained?: boolean;
  readonly qos?: 0 | 1 | 2;
  readonly head?: RequestHead | null;
}

/** What a client publishes: whole, accepted, caused by nothing. */
export function toNewEvent({ receivedAt, protocol, topic, contentType, body, retained = false, qos, head = null }: EventParts): NewEvent {
  return {
    receivedAt,
    protocol,
    direction: "in",
    source: null,
    topic,
    contentType,
    body,
    size: body.length,
    truncated: false,
    state: "accepted",
    refusal: null,
    verdict: "not-configured",
    verdictCause: null,
    duplicateOfSeq: null,
    retained,
    causeSeq: null,
    traceSeq: null,
    hops: 0,
    head,
    ...(qos === undefined ? {} : { qos }),
  };
}
