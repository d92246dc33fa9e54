import type { Cursor } from "./cursor.ts";
import { REASON } from "./reason-code.ts";

/** MQTT 5 properties (§2.2.2.2) by name; those of any packet this gateway reads or writes. */
export interface Properties {
  payloadFormat?: number;
  messageExpirySeconds?: number;
  contentType?: string;
  responseTopic?: string;
  correlationData?: Buffer;
  /** Several may stand in a PUBLISH to a client. */
  subscriptionIds?: number[];
  sessionExpirySeconds?: number;
  assignedClientId?: string;
  serverKeepAlive?: number;
  authenticationMethod?: string;
  authenticationData?: Buffer;
  requestProblemInformation?: number;
  willDelaySeconds?: number;
  requestResponseInformation?: number;
  serverReference?: string;
  reasonString?: string;
  receiveMaximum?: number;
  topicAliasMaximum?: number;
  topicAlias?: number;
  userProperties?: [name: string, value: string][];
  maximumPacketBytes?: number;
  sharedSubscriptions?: number;
}

type Kind = "byte" | "flag" | "uint16" | "uint32" | "varint" | "text" | "binary" | "pair";

/** The packets that carry properties and come from a client; `will` are those before the will's topic (§3.1.3.2). */
export type PropertyPlace = "connect" | "will" | "publish" | "ack" | "subscribe" | "unsubscribe" | "disconnect" | "auth";

interface Definition {
  /** Null for those that only a server sends: named so that they are out of place rather than unknown. */
  readonly name: keyof Properties | null;
  readonly kind: Kind;
  readonly places: readonly PropertyPlace[];
}

const DEFINITIONS: Readonly<Record<number, Definition>> = {
  0x01: { name: "payloadFormat", kind: "flag", places: ["publish", "will"] },
  0x02: { name: "messageExpirySeconds", kind: "uint32", places: ["publish", "will"] },
  0x03: { name: "contentType", kind: "text", places: ["publish", "will"] },
  0x08: { name: "responseTopic", kind: "text", places: ["publish", "will"] },
  0x09: { name: "correlationData", kind: "binary", places: ["publish", "will"] },
  // A client must not send one in a PUBLISH [MQTT-3.3.4-6].
  0x0b: { name: "subscriptionIds", kind: "varint", places: ["subscribe"] },
  0x11: { name: "sessionExpirySeconds", kind: "uint32", places: ["connect", "disconnect"] },
  0x12: { name: "assignedClientId", kind: "text", places: [] },
  0x13: { name: "serverKeepAlive", kind: "uint16", places: [] },
  0x15: { name: "authenticationMethod", kind: "text", places: ["connect", "auth"] },
  0x16: { name: "authenticationData", kind: "binary", places: ["connect", "auth"] },
  0x17: { name: "requestProblemInformation", kind: "flag", places: ["connect"] },
  0x18: { name: "willDelaySeconds", kind: "uint32", places: ["will"] },
  0x19: { name: "requestResponseInformation", kind: "flag", places: ["connect"] },
  0x1a: { name: null, kind: "text", places: [] },
  0x1c: { name: "serverReference", kind: "text", places: ["disconnect"] },
  0x1f: { name: "reasonString", kind: "text", places: ["ack", "disconnect", "auth"] },
  0x21: { name: "receiveMaximum", kind: "uint16", places: ["connect"] },
  0x22: { name: "topicAliasMaximum", kind: "uint16", places: ["connect"] },
  0x23: { name: "topicAlias", kind: "uint16", places: ["publish"] },
  0x24: { name: null, kind: "byte", places: [] },
  0x25: { name: null, kind: "byte", places: [] },
  0x26: {
    name: "userProperties",
    kind: "pair",
    places: ["connect", "will", "publish", "ack", "subscribe", "unsubscribe", "disconnect", "auth"],
  },
  0x27: { name: "maximumPacketBytes", kind: "uint32", places: ["connect"] },
  0x28: { name: null, kind: "byte", places: [] },
  0x29: { name: null, kind: "byte", places: [] },
  0x2a: { name: "sharedSubscriptions", kind: "byte", places: [] },
};

const NONE: Properties = Object.freeze({});

/** Reads the property length and the properties; faults stick to the cursor. */
export function readProperties(cursor: Cursor, place: PropertyPlace): Properties {
  const length = cursor.varint("the property length");
  const end = cursor.at + length;
  if (end > cursor.end) cursor.fail(REASON.malformed, "the properties are cut short");
  if (length === 0 || cursor.fault) return NONE;
  const found: Record<string, unknown> = {};
  while (cursor.at < end && !cursor.fault) {
    const id = cursor.varint("a property's identifier");
    const definition = DEFINITIONS[id];
    if (cursor.fault) break;
    if (!definition) {
      cursor.fail(REASON.malformed, `the property 0x${id.toString(16)} is unknown`);
      break;
    }
    const { name, kind } = definition;
    const value = readValue(cursor, kind, name ?? "a property");
    if (cursor.at > end) cursor.fail(REASON.malformed, "a property is cut short"); // §2.2.2.1
    if (cursor.fault) break;
    if (name === null || !definition.places.includes(place)) {
      cursor.fail(REASON.protocolError, `the property 0x${id.toString(16)} has no place in this packet`);
      break;
    }
    const fault = valueFault(name, value);
    if (fault !== null) cursor.fail(name === "topicAlias" ? REASON.topicAliasInvalid : REASON.protocolError, fault);
    else if (kind === "pair") ((found[name] ??= []) as unknown[]).push(value);
    else if (name in found) cursor.fail(REASON.protocolError, `${name} is there twice`); // e.g. §3.3.2.3.2
    else found[name] = name === "subscriptionIds" ? [value] : value;
  }
  return found;
}

function readValue(cursor: Cursor, kind: Kind, what: string): unknown {
  switch (kind) {
    case "byte":
    case "flag":
      return cursor.uint8(what);
    case "uint16":
      return cursor.uint16(what);
    case "uint32":
      return cursor.uint32(what);
    case "varint":
      return cursor.varint(what);
    case "text":
      return cursor.text(what);
    case "binary":
      return cursor.binary(what);
    case "pair":
      return [cursor.text(what), cursor.text(what)];
  }
}

function valueFault(name: keyof Properties, value: unknown): string | null {
  switch (name) {
    case "payloadFormat": // §3.3.2.3.2
    case "requestProblemInformation": // §3.1.2.11.7
    case "requestResponseInformation": // §3.1.2.11.6
      return (value as number) > 1 ? `${name} is neither 0 nor 1` : null;
    case "receiveMaximum": // §3.1.2.11.3
    case "maximumPacketBytes": // §3.1.2.11.4
    case "subscriptionIds": // §3.8.2.1.2
    case "topicAlias": // [MQTT-3.3.2-8]
      return value === 0 ? `${name} is 0` : null;
    case "responseTopic":
      if (value === "") return "the response topic is empty";
      return /[+#]/.test(value as string) ? "the response topic has a wildcard" : null; // [MQTT-3.3.2-14]
    default:
      return null;
  }
}
