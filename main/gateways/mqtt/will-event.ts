import type { AedesPacket } from "./mq.ts";
import { toNewEvent } from "./inbound.ts";
import type { NewEvent } from "../../hub/ports.ts";
import type { Properties } from "./wire/properties.ts";

/** The event a will makes, with its MQTT 5 properties under the names aedes has for them (§3.1.3.2). */
export function toWillEvent({ topic, payload, qos = 0, retain = false, properties }: AedesPacket, receivedAt: number): NewEvent {
  const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
  return toNewEvent({ topic, payload: bytes, qos, retain, properties: properties ? fromAedes(properties) : null }, receivedAt);
}

function fromAedes(from: Readonly<Record<string, unknown>>): Properties {
  const properties: Properties = {};
  if (typeof from["payloadFormatIndicator"] === "boolean") properties.payloadFormat = from["payloadFormatIndicator"] ? 1 : 0;
  if (typeof from["messageExpiryInterval"] === "number") properties.messageExpirySeconds = from["messageExpiryInterval"];
  if (typeof from["contentType"] === "string") properties.contentType = from["contentType"];
  if (typeof from["responseTopic"] === "string") properties.responseTopic = from["responseTopic"];
  if (Buffer.isBuffer(from["correlationData"])) properties.correlationData = from["correlationData"];
  const users = Object.entries((from["userProperties"] ?? {}) as Record<string, string | string[]>);
  if (users.length > 0)
    properties.userProperties = users.flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value]));
  return properties;
}
