import { Cursor } from "./cursor.ts";
import { readProperties } from "./properties.ts";
import { REASON, type PacketFault } from "./reason-code.ts";

export interface DisconnectPacket {
  readonly reason: number;
  /** Null when the session's expiry stays as it is. */
  readonly sessionExpirySeconds: number | null;
}

/** Those a client may send (§3.14.2.1). */
const KNOWN = new Set([0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99]);

/** Reads and checks a DISCONNECT from a client (§3.14). */
export function parseDisconnect(bytes: Buffer, first: number, from: number, to: number, v5: boolean): DisconnectPacket | PacketFault {
  const cursor = new Cursor(bytes, from, to);
  if ((first & 0x0f) !== 0) cursor.fail(REASON.malformed, "DISCONNECT has reserved flags set"); // [MQTT-3.14.1-1]
  let reason = 0;
  let sessionExpirySeconds: number | null = null;
  if (v5 && !cursor.atEnd) {
    reason = cursor.uint8("the reason code");
    if (!KNOWN.has(reason)) cursor.fail(REASON.protocolError, `DISCONNECT has the reason 0x${reason.toString(16)}`);
    if (!cursor.atEnd) sessionExpirySeconds = readProperties(cursor, "disconnect").sessionExpirySeconds ?? null;
  }
  cursor.finish("DISCONNECT");
  return cursor.fault ?? { reason, sessionExpirySeconds };
}
