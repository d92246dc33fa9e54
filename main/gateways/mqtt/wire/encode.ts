import { PACKET, type Qos } from "./packet-type.ts";
import type { Properties } from "./properties.ts";
import type { ReasonCode } from "./reason-code.ts";

const NOTHING = Buffer.alloc(0);
export const PINGRESP = Buffer.from([PACKET.pingresp << 4, 0]);

/** A PUBLISH ready to be sent to many: only the packet identifier, where there is one, is each receiver's own. */
export class EncodedPublish {
  readonly bytes: Buffer;
  /** Where the packet identifier goes; 0 at QoS 0. */
  readonly packetIdAt: number;

  constructor(bytes: Buffer, packetIdAt: number) {
    this.bytes = bytes;
    this.packetIdAt = packetIdAt;
  }
}

export interface PublishHead {
  readonly topic: string;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly dup: boolean;
}

/** `properties` is the encoded property block of MQTT 5, its length included; null for the others. */
export function encodePublish(head: PublishHead, properties: Buffer | null, payload: Uint8Array): EncodedPublish {
  const topicBytes = Buffer.byteLength(head.topic);
  const remaining = 2 + topicBytes + (head.qos > 0 ? 2 : 0) + (properties?.length ?? 0) + payload.length;
  const lengthBytes = varintBytes(remaining);
  const bytes = Buffer.allocUnsafe(1 + lengthBytes + remaining);
  bytes[0] = (PACKET.publish << 4) | (head.dup ? 8 : 0) | (head.qos << 1) | (head.retain ? 1 : 0);
  let at = writeVarint(bytes, 1, remaining);
  bytes[at] = topicBytes >> 8;
  bytes[at + 1] = topicBytes & 0xff;
  bytes.write(head.topic, at + 2, "utf8");
  at += 2 + topicBytes;
  const packetIdAt = head.qos > 0 ? at : 0;
  if (head.qos > 0) at += 2;
  if (properties !== null) {
    bytes.set(properties, at);
    at += properties.length;
  }
  bytes.set(payload, at);
  return new EncodedPublish(bytes, packetIdAt);
}

/** CONNACK (§3.2); `code` is a reason code for MQTT 5 and a return code for the others. */
export function encodeConnack(v5: boolean, sessionPresent: boolean, code: number, properties: Properties): Buffer {
  const block = v5 ? encodeProperties(properties) : NOTHING;
  return Buffer.concat([head(PACKET.connack << 4, 2 + block.length), Buffer.from([sessionPresent ? 1 : 0, code]), block]);
}

/** SUBACK and UNSUBACK (§3.9, §3.11); UNSUBACK has no codes before MQTT 5. */
export function encodeSubscribeAck(type: "suback" | "unsuback", v5: boolean, packetId: number, codes: readonly number[]): Buffer {
  const written = v5 || type === "suback" ? codes : [];
  const fields = Buffer.from([packetId >> 8, packetId & 0xff, ...(v5 ? [0] : []), ...written]);
  return Buffer.concat([head(PACKET[type] << 4, fields.length), fields]);
}

/** PUBACK, PUBREC, PUBREL or PUBCOMP of MQTT 5 with a reason (§3.4). */
export function encodeAckWithReason(first: number, packetId: number, reason: number): Buffer {
  return Buffer.from([first, 3, packetId >> 8, packetId & 0xff, reason]);
}

/** DISCONNECT of MQTT 5 (§3.14). */
export function encodeDisconnect(reason: ReasonCode): Buffer {
  return Buffer.from([PACKET.disconnect << 4, 1, reason]);
}

type Written = readonly [id: number, kind: "byte" | "uint16" | "uint32" | "varint" | "text" | "binary", name: keyof Properties];

/** In the order they are written. */
const WRITTEN: readonly Written[] = [
  [0x01, "byte", "payloadFormat"],
  [0x02, "uint32", "messageExpirySeconds"],
  [0x03, "text", "contentType"],
  [0x08, "text", "responseTopic"],
  [0x09, "binary", "correlationData"],
  [0x11, "uint32", "sessionExpirySeconds"],
  [0x12, "text", "assignedClientId"],
  [0x13, "uint16", "serverKeepAlive"],
  [0x1f, "text", "reasonString"],
  [0x22, "uint16", "topicAliasMaximum"],
  [0x21, "uint16", "receiveMaximum"],
  [0x23, "uint16", "topicAlias"],
  [0x27, "uint32", "maximumPacketBytes"],
  [0x2a, "byte", "sharedSubscriptions"],
];

/** The property block with its length in front (§2.2.2). */
export function encodeProperties(properties: Properties): Buffer {
  const parts: Buffer[] = [];
  for (const [id, kind, name] of WRITTEN) {
    const value = properties[name];
    if (value !== undefined) parts.push(Buffer.from([id]), encodeValue(kind, value as never));
  }
  for (const id of properties.subscriptionIds ?? []) parts.push(Buffer.from([0x0b]), encodeVarint(id));
  for (const [name, value] of properties.userProperties ?? []) parts.push(Buffer.from([0x26]), text(name), text(value));
  const block = Buffer.concat(parts);
  return Buffer.concat([encodeVarint(block.length), block]);
}

function encodeValue(kind: Written[1], value: never): Buffer {
  switch (kind) {
    case "byte":
      return Buffer.from([value]);
    case "uint16":
      return Buffer.from([(value as number) >> 8, (value as number) & 0xff]);
    case "uint32": {
      const bytes = Buffer.allocUnsafe(4);
      bytes.writeUInt32BE(value);
      return bytes;
    }
    case "varint":
      return encodeVarint(value);
    case "text":
      return text(value);
    case "binary":
      return Buffer.concat([encodeValue("uint16", (value as Buffer).length as never), value]);
  }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

function head(first: number, remaining: number): Buffer {
  const bytes = Buffer.allocUnsafe(1 + varintBytes(remaining));
  bytes[0] = first;
  writeVarint(bytes, 1, remaining);
  return bytes;
}

function encodeVarint(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(varintBytes(value));
  writeVarint(bytes, 0, value);
  return bytes;
}

export function varintBytes(value: number): number {
  if (value < 128) return 1;
  if (value < 16_384) return 2;
  return value < 2_097_152 ? 3 : 4;
}

/** Answers where it ends. */
function writeVarint(bytes: Buffer, from: number, value: number): number {
  let at = from;
  let rest = value;
  while (rest > 127) {
    bytes[at] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
    at += 1;
  }
  bytes[at] = rest;
  return at + 1;
}
