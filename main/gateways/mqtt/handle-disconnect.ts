import type { Connection } from "./connection.ts";
import { parseDisconnect } from "./wire/parse-disconnect.ts";
import { REASON } from "./wire/reason-code.ts";

/** DISCONNECT may change how long the session is kept (§3.14.2.2.2); the rest is aedes' business. */
export function handleDisconnect(connection: Connection, bytes: Buffer, start: number, from: number, to: number): void {
  const packet = parseDisconnect(bytes, bytes[start]!, from, to, connection.v5);
  if ("code" in packet) {
    connection.fault(packet);
    return;
  }
  const session = connection.session!;
  const { sessionExpirySeconds } = packet;
  if (sessionExpirySeconds !== null) {
    if (session.expirySeconds === 0 && sessionExpirySeconds > 0) {
      connection.fault({ code: REASON.protocolError, why: "DISCONNECT keeps a session that CONNECT did not" });
      return;
    }
    session.keepFor(Math.min(sessionExpirySeconds, connection.context.limits.maxSessionExpirySeconds));
  }
  // [MQTT-3.1.2-8]: only a normal disconnection takes the will back.
  connection.disconnect(packet.reason === REASON.success, Buffer.from(bytes.subarray(start, to)));
}
