import type { NewEvent } from "../../hub/ports.ts";
import { ATTRIBUTE } from "./inbound.ts";
import { encodeProperties, EncodedPublish, encodePublish } from "./wire/encode.ts";
import type { Qos } from "./wire/packet-type.ts";
import type { Properties } from "./wire/properties.ts";

/** How one receiver gets an event. */
export interface Shape {
  readonly v5: boolean;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly subscriptionIds: readonly number[] | null;
  /** MQTT 5: the number that stands for the topic, and whether the topic goes along to say so. */
  readonly alias: { readonly number: number; readonly first: boolean } | null;
}

/** Turns events into PUBLISH packets, each shape of the same event once: a fan-out sends the same bytes to all. */
export interface PublishEncoder {
  encode(event: NewEvent, shape: Shape, now: number): EncodedPublish;
  /** `packet` is the event as its publisher sent it by MQTT 3 at QoS 0: whoever gets it so gets the same bytes. */
  passOn(event: NewEvent, packet: Buffer): void;
}

/** QoS, retain, and whether it is MQTT 5. */
const SHAPES = 12;

export function createPublishEncoder(): PublishEncoder {
  const latest: (NewEvent | null)[] = Array.from({ length: SHAPES }, () => null);
  const encoded: (EncodedPublish | null)[] = Array.from({ length: SHAPES }, () => null);
  return {
    passOn(event, packet) {
      latest[0] = event;
      encoded[0] = new EncodedPublish(packet, 0);
    },
    encode(event, shape, now) {
      if (shape.subscriptionIds !== null || shape.alias !== null || shape.dup) return encodeOnce(event, shape, now);
      const slot = shape.qos * 4 + (shape.retain ? 2 : 0) + (shape.v5 ? 1 : 0);
      if (latest[slot] !== event) {
        encoded[slot] = encodeOnce(event, shape, now);
        latest[slot] = event;
      }
      return encoded[slot]!;
    },
  };
}

function encodeOnce(event: NewEvent, shape: Shape, now: number): EncodedPublish {
  const topic = shape.alias !== null && !shape.alias.first ? "" : event.topic;
  const block = shape.v5 ? encodeBlock(event, shape, now) : null;
  return encodePublish({ topic, qos: shape.qos, retain: shape.retain, dup: shape.dup }, block, event.body);
}

const NO_PROPERTIES = Buffer.from([0]);

function encodeBlock(event: NewEvent, shape: Shape, now: number): Buffer {
  if (event.attributes === undefined && event.contentType === null && shape.subscriptionIds === null && shape.alias === null)
    return NO_PROPERTIES;
  const properties = toProperties(event, now);
  if (shape.subscriptionIds !== null) properties.subscriptionIds = [...shape.subscriptionIds];
  if (shape.alias !== null) properties.topicAlias = shape.alias.number;
  return encodeProperties(properties);
}

function toProperties(event: NewEvent, now: number): Properties {
  const properties: Properties = {};
  if (event.contentType !== null) properties.contentType = event.contentType;
  for (const [name, value] of event.attributes ?? []) {
    if (name === ATTRIBUTE.payloadFormat) properties.payloadFormat = Number(value);
    else if (name === ATTRIBUTE.messageExpiry) properties.messageExpirySeconds = Math.max(0, Math.ceil((expiresAt(event) - now) / 1000));
    else if (name === ATTRIBUTE.responseTopic) properties.responseTopic = value;
    else if (name === ATTRIBUTE.correlationData) properties.correlationData = Buffer.from(value, "base64");
    else
      (properties.userProperties ??= []).push([
        name.startsWith(ATTRIBUTE.userProperty) ? name.slice(ATTRIBUTE.userProperty.length) : name,
        value,
      ]);
  }
  return properties;
}

/** When the event is no longer to be sent to those who have not got it (§3.3.2.3.3), epoch ms; Infinity when never. */
export function expiresAt(event: NewEvent): number {
  const expiry = event.attributes?.find(([name]) => name === ATTRIBUTE.messageExpiry);
  return expiry === undefined ? Number.POSITIVE_INFINITY : event.receivedAt + Number(expiry[1]) * 1000;
}
