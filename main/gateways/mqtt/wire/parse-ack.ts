import { Cursor } from "./cursor.ts";
import { PACKET } from "./packet-type.ts";
import { readProperties } from "./properties.ts";
import { REASON, type PacketFault } from "./reason-code.ts";

export interface AckPacket {
  readonly packetId: number;
  /** 0 where none is written. */
  readonly reason: number;
}

/** Reads and checks PUBACK, PUBREC, PUBREL or PUBCOMP (§3.4 to §3.7). */
export function parseAck(bytes: Buffer, first: number, from: number, to: number, v5: boolean): AckPacket | PacketFault {
  const cursor = new Cursor(bytes, from, to);
  const type = first >> 4;
  if ((first & 0x0f) !== (type === PACKET.pubrel ? 2 : 0)) cursor.fail(REASON.malformed, "an acknowledgement has wrong flags"); // [MQTT-3.6.1-1]
  const packetId = cursor.uint16("the packet identifier");
  if (packetId === 0) cursor.fail(REASON.protocolError, "the packet identifier is 0"); // [MQTT-2.2.1-3]
  let reason = 0;
  if (v5 && !cursor.atEnd) {
    reason = cursor.uint8("the reason code");
    if (!isKnown(type, reason)) cursor.fail(REASON.protocolError, `an acknowledgement has the reason 0x${reason.toString(16)}`);
    if (!cursor.atEnd) readProperties(cursor, "ack");
  }
  cursor.finish("an acknowledgement");
  return cursor.fault ?? { packetId, reason };
}

const OF_PUBLISH = new Set([0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]); // §3.4.2.1, §3.5.2.1
const OF_RELEASE = new Set([0x00, 0x92]); // §3.6.2.1, §3.7.2.1

function isKnown(type: number, reason: number): boolean {
  return (type === PACKET.puback || type === PACKET.pubrec ? OF_PUBLISH : OF_RELEASE).has(reason);
}
