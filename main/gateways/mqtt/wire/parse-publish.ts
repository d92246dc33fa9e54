import { Cursor } from "./cursor.ts";
import type { Qos } from "./packet-type.ts";
import { readProperties, type Properties } from "./properties.ts";
import { REASON, type PacketFault, type ReasonCode } from "./reason-code.ts";
import { textFault } from "./text-fault.ts";

export interface PublishPacket {
  /** Empty when a topic alias stands for it (MQTT 5). */
  readonly topic: string;
  readonly qos: Qos;
  readonly retain: boolean;
  /** 0 at QoS 0. */
  readonly packetId: number;
  readonly properties: Properties | null;
  /** From there to the packet's end. */
  readonly payloadAt: number;
}

/** The topic seen last on a connection: most peers publish to few, and comparing bytes is cheaper than decoding them. */
export interface TopicMemory {
  bytes: Buffer | null;
  topic: string;
}

const PLUS = 0x2b;
const HASH = 0x23;

/** Reads and checks a PUBLISH from a client (§3.3). */
export function parsePublish(
  bytes: Buffer,
  first: number,
  from: number,
  to: number,
  v5: boolean,
  memory: TopicMemory,
  maxPropertyBytes: number,
): PublishPacket | PacketFault {
  const qos = (first >> 1) & 3;
  if (qos === 3) return fault(REASON.malformed, "PUBLISH has QoS 3"); // [MQTT-3.3.1-4]
  if (qos === 0 && (first & 8) !== 0) return fault(REASON.malformed, "PUBLISH has QoS 0 and DUP"); // [MQTT-3.3.1-2]
  if (to - from < 2) return fault(REASON.malformed, "PUBLISH is cut short");
  const topicAt = from + 2;
  let at = topicAt + ((bytes[from]! << 8) | bytes[from + 1]!);
  if (at > to) return fault(REASON.malformed, "the topic is cut short");
  let { topic } = memory;
  if (!isSame(memory.bytes, bytes, topicAt, at)) {
    const why = topicBytesFault(bytes, topicAt, at);
    if (why !== null) return fault(REASON.malformed, why);
    topic = bytes.toString("utf8", topicAt, at);
    memory.bytes = Buffer.from(bytes.subarray(topicAt, at));
    memory.topic = topic;
  }
  let packetId = 0;
  if (qos > 0) {
    if (at + 2 > to) return fault(REASON.malformed, "the packet identifier is cut short");
    packetId = (bytes[at]! << 8) | bytes[at + 1]!;
    at += 2;
    if (packetId === 0) return fault(REASON.protocolError, "the packet identifier is 0"); // [MQTT-2.2.1-3]
  }
  let properties: Properties | null = null;
  if (v5) {
    if (bytes[at] === 0) at += 1;
    else {
      const cursor = new Cursor(bytes, at, to);
      properties = readProperties(cursor, "publish");
      if (cursor.fault) return cursor.fault;
      if (cursor.at - at > maxPropertyBytes) return fault(REASON.packetTooLarge, `the properties have more than ${maxPropertyBytes} bytes`);
      at = cursor.at;
    }
    if (at > to) return fault(REASON.malformed, "the property length is cut short");
  }
  if (topic === "" && properties?.topicAlias === undefined) return fault(REASON.malformed, "the topic is empty"); // [MQTT-4.7.3-1]
  return { topic, qos: qos as Qos, retain: (first & 1) !== 0, packetId, properties, payloadAt: at };
}

/** Topics are short: comparing them here is faster than a call out of JavaScript. */
function isSame(known: Buffer | null, bytes: Buffer, from: number, to: number): boolean {
  if (known === null || known.length !== to - from) return false;
  for (let at = 0; at < known.length; at += 1) if (known[at] !== bytes[from + at]) return false;
  return true;
}

function topicBytesFault(bytes: Buffer, from: number, to: number): string | null {
  const why = textFault(bytes, from, to);
  if (why !== null) return `the topic ${why}`;
  for (let at = from; at < to; at += 1) {
    if (bytes[at] === PLUS || bytes[at] === HASH) return "the topic has a wildcard"; // [MQTT-3.3.2-2]
  }
  return null;
}

function fault(code: ReasonCode, why: string): PacketFault {
  return { code, why };
}
