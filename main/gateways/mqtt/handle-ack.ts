import type { Connection } from "./connection.ts";
import type { Session } from "./session.ts";
import { PACKET } from "./wire/packet-type.ts";
import { parseAck, type AckPacket } from "./wire/parse-ack.ts";
import { REASON } from "./wire/reason-code.ts";

/** PUBACK, PUBREC and PUBCOMP for what was sent to the peer; PUBREL for what came from it (§4.3). */
export function handleAck(connection: Connection, bytes: Buffer, first: number, from: number, to: number): void {
  const ack = parseAck(bytes, first, from, to, connection.v5);
  const session = connection.session!;
  if ("code" in ack) connection.fault(ack);
  else if (first >> 4 === PACKET.pubrel) release(connection, session, ack.packetId);
  else if (!isExpected(session, first >> 4, ack))
    connection.fault({ code: REASON.protocolError, why: "an acknowledgement does not fit what was sent" }); // [MQTT-4.3.2-1] [MQTT-4.3.3-1]
}

function isExpected(session: Session, type: number, { packetId, reason }: AckPacket): boolean {
  if (type === PACKET.puback) return session.acknowledge(packetId);
  return type === PACKET.pubrec ? session.receive(packetId, reason) : session.complete(packetId);
}

/** The identifier may be used anew once PUBCOMP is out, so its row must be gone by then. */
function release(connection: Connection, session: Session, packetId: number): void {
  const { rows } = connection.context;
  const known = session.incoming.delete(packetId);
  const complete = (): void => connection.sendAck(PACKET.pubcomp << 4, packetId, known ? REASON.success : REASON.packetIdNotFound);
  if (!known || !session.durable) {
    complete();
    return;
  }
  rows.dropIncoming(session.clientId, packetId);
  rows.flush((refusal) => (refusal ? connection.onRefused(refusal) : complete()));
}
