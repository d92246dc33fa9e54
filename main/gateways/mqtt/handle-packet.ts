import type { Connection } from "./connection.ts";
import { handleAck } from "./handle-ack.ts";
import { handleDisconnect } from "./handle-disconnect.ts";
import { handlePublish } from "./handle-publish.ts";
import { handleSubscribe, handleUnsubscribe } from "./handle-subscribe.ts";
import { PINGRESP } from "./wire/encode.ts";
import { PACKET } from "./wire/packet-type.ts";
import { REASON } from "./wire/reason-code.ts";

/** Any packet after CONNECT: it begins at `start`, what follows its length at `bodyAt`. */
export function handlePacket(connection: Connection, bytes: Buffer, start: number, bodyAt: number, end: number): void {
  const first = bytes[start]!;
  const type = first >> 4;
  switch (type) {
    case PACKET.publish:
      handlePublish(connection, bytes, start, bodyAt, end);
      return;
    case PACKET.puback:
    case PACKET.pubrec:
    case PACKET.pubrel:
    case PACKET.pubcomp:
      handleAck(connection, bytes, first, bodyAt, end);
      return;
    case PACKET.subscribe:
      handleSubscribe(connection, bytes, start, bodyAt, end);
      return;
    case PACKET.unsubscribe:
      handleUnsubscribe(connection, bytes, start, bodyAt, end);
      return;
    case PACKET.pingreq:
      if ((first & 0x0f) !== 0 || end !== bodyAt) connection.fault({ code: REASON.malformed, why: "PINGREQ is malformed" }); // §3.12.1
      else connection.outbox.add(PINGRESP); // [MQTT-3.12.4-1]
      return;
    case PACKET.disconnect:
      handleDisconnect(connection, bytes, start, bodyAt, end);
      return;
    default:
      connection.fault({ code: REASON.protocolError, why: `a client does not send packets of type ${type}` }); // [MQTT-3.1.0-2] and §2.1.2
  }
}
