import type { HeaderList } from "../../contract/event.ts";
import type { NewEvent } from "../../hub/ports.ts";
import type { Qos } from "./wire/packet-type.ts";
import type { Properties } from "./wire/properties.ts";

/** What PUBLISH and wills have in common. */
export interface Publication {
  readonly topic: string;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly payload: Uint8Array;
  readonly properties: Properties | null;
}

/** Attributes that are MQTT 5's own begin so; all others are user properties. */
export const OWN = "mqtt:";
export const ATTRIBUTE = {
  payloadFormat: `${OWN}payload-format-indicator`,
  messageExpiry: `${OWN}message-expiry-interval`,
  responseTopic: `${OWN}response-topic`,
  correlationData: `${OWN}correlation-data`,
  /** A user property whose name begins like one of ours. */
  userProperty: `${OWN}user-property:`,
} as const;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The event a publication makes. */
export function toNewEvent(publication: Publication, receivedAt: number): NewEvent {
  const { topic, qos, retain, payload, properties } = publication;
  const event: Writable<NewEvent> = {
    receivedAt,
    protocol: "mqtt",
    direction: "in",
    source: null,
    topic,
    contentType: properties?.contentType ?? null,
    body: payload,
    size: payload.length,
    truncated: false,
    state: "accepted",
    refusal: null,
    verdict: "not-configured",
    verdictCause: null,
    duplicateOfSeq: null,
    retained: retain,
    causeSeq: null,
    traceSeq: null,
    hops: 0,
    head: null,
    qos,
  };
  const attributes = properties === null ? [] : toAttributes(properties);
  if (attributes.length > 0) event.attributes = attributes;
  if (qos === 0) event.unanswered = true;
  return event;
}

function toAttributes(properties: Properties): HeaderList {
  const list: [string, string][] = [];
  if (properties.payloadFormat !== undefined) list.push([ATTRIBUTE.payloadFormat, String(properties.payloadFormat)]);
  if (properties.messageExpirySeconds !== undefined) list.push([ATTRIBUTE.messageExpiry, String(properties.messageExpirySeconds)]);
  if (properties.responseTopic !== undefined) list.push([ATTRIBUTE.responseTopic, properties.responseTopic]);
  if (properties.correlationData !== undefined) list.push([ATTRIBUTE.correlationData, properties.correlationData.toString("base64")]);
  for (const [name, value] of properties.userProperties ?? [])
    list.push([name.startsWith(OWN) ? ATTRIBUTE.userProperty + name : name, value]);
  return list;
}
