import { Cursor } from "./cursor.ts";
import type { ProtocolLevel, Qos } from "./packet-type.ts";
import { readProperties, type Properties } from "./properties.ts";
import { REASON, type PacketFault } from "./reason-code.ts";

export interface Will {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties: Properties;
}

export interface ConnectPacket {
  readonly level: ProtocolLevel;
  /** Clean session of 3.1.1, clean start of 5. */
  readonly clean: boolean;
  readonly keepAliveSeconds: number;
  readonly properties: Properties;
  /** Empty when the server is to choose one. */
  readonly clientId: string;
  readonly will: Will | null;
  readonly username: string | null;
  readonly password: Buffer | null;
}

/** `level` is what an answer is written in; null when there can be none. */
export type ParsedConnect =
  | { readonly ok: true; readonly packet: ConnectPacket }
  | { readonly ok: false; readonly fault: PacketFault; readonly level: ProtocolLevel | null };

const FLAG = { reserved: 0x01, clean: 0x02, will: 0x04, willRetain: 0x20, password: 0x40, username: 0x80 } as const;

/** Reads and checks the body of a CONNECT (MQTT 3.1.1 and 5 §3.1). `first` is the packet's first byte. */
export function parseConnect(bytes: Buffer, first: number, from: number, to: number): ParsedConnect {
  const cursor = new Cursor(bytes, from, to);
  const refused = (level: ProtocolLevel | null): ParsedConnect => ({ ok: false, fault: cursor.fault!, level });
  const name = cursor.text("the protocol name");
  const stated = cursor.uint8("the protocol level");
  if (cursor.fault) return refused(null);
  if (name !== "MQTT" && name !== "MQIsdp") {
    cursor.fail(REASON.malformed, "this is not MQTT"); // [MQTT-3.1.2-1]: may close without an answer
    return refused(null);
  }
  if (!(name === "MQIsdp" ? stated === 3 : stated === 4 || stated === 5)) {
    cursor.fail(REASON.unsupportedVersion, `MQTT ${stated} is not spoken here`); // [MQTT-3.1.2-2], 3.1.1's answer 0x01
    return refused(4);
  }
  const level = stated as ProtocolLevel;
  const flags = cursor.uint8("the connect flags");
  const willQos = (flags >> 3) & 3;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  // 3.1 §3.1 does not use these bits.
  if (level > 3 && (first & 0x0f) !== 0) cursor.fail(REASON.malformed, "CONNECT has reserved flags set"); // [MQTT-2.1.3-1]
  if (level > 3 && has(FLAG.reserved)) cursor.fail(REASON.malformed, "the reserved connect flag is set"); // [MQTT-3.1.2-3]
  if (willQos === 3) cursor.fail(REASON.malformed, "the will's QoS is 3"); // [MQTT-3.1.2-12]
  if (!has(FLAG.will) && (willQos > 0 || has(FLAG.willRetain))) cursor.fail(REASON.malformed, "will flags are set without a will"); // [MQTT-3.1.2-11] [MQTT-3.1.2-13]
  if (level < 5 && has(FLAG.password) && !has(FLAG.username)) cursor.fail(REASON.malformed, "there is a password without a user name"); // 3.1.1 [MQTT-3.1.2-22]
  const keepAliveSeconds = cursor.uint16("the keep alive");
  const properties = level === 5 ? readProperties(cursor, "connect") : {};
  const clientId = cursor.text("the client identifier");
  const will = has(FLAG.will) ? readWill(cursor, level, willQos as Qos, has(FLAG.willRetain)) : null;
  const username = has(FLAG.username) ? cursor.text("the user name") : null;
  const password = has(FLAG.password) ? cursor.binary("the password") : null;
  cursor.finish("CONNECT");
  if (cursor.fault) return refused(level);
  const clean = has(FLAG.clean);
  if (clientId === "" && (level === 3 || (level === 4 && !clean))) {
    cursor.fail(REASON.clientIdInvalid, "an empty client identifier needs a clean session"); // 3.1.1 [MQTT-3.1.3-8]
  }
  if (properties.authenticationMethod !== undefined) {
    cursor.fail(REASON.badAuthMethod, `the authentication method ${properties.authenticationMethod} is not known here`); // [MQTT-4.12.0-1]
  } else if (properties.authenticationData !== undefined) {
    cursor.fail(REASON.protocolError, "there is authentication data without a method"); // §3.1.2.11.10
  }
  if (cursor.fault) return refused(level);
  return { ok: true, packet: { level, clean, keepAliveSeconds, properties, clientId, will, username, password } };
}

function readWill(cursor: Cursor, level: ProtocolLevel, qos: Qos, retain: boolean): Will {
  const properties = level === 5 ? readProperties(cursor, "will") : {};
  const topic = cursor.text("the will's topic");
  const payload = cursor.binary("the will's payload");
  if (!cursor.fault) {
    if (topic === "") cursor.fail(REASON.malformed, "the will's topic is empty"); // [MQTT-4.7.3-1]
    if (/[+#]/.test(topic)) cursor.fail(REASON.malformed, "the will's topic has a wildcard"); // [MQTT-4.7.1-1]
  }
  return { topic, payload, qos, retain, properties };
}
