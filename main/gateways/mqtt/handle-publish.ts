import type { ErrorCode, Refusal } from "../../contract/errors.ts";
import { isReservedTopic } from "../../contract/topic.ts";
import type { AppendOutcome } from "../../hub/ports.ts";
import type { Connection } from "./connection.ts";
import type { Session } from "./session.ts";
import type { AckOrder } from "./ack-order.ts";
import { toNewEvent } from "./inbound.ts";
import { varintBytes } from "./wire/encode.ts";
import { PACKET } from "./wire/packet-type.ts";
import { parsePublish, type PublishPacket } from "./wire/parse-publish.ts";
import { REASON, type ReasonCode } from "./wire/reason-code.ts";

const PUBACK = PACKET.puback << 4;
const PUBREC = PACKET.pubrec << 4;

/**
 * A PUBLISH goes to the hub without waiting for the one before it; many wait for one commit together. It is acknowledged
 * after its commit, in the order of arrival [MQTT-4.6.0-2], which is the order of the log.
 */
export function handlePublish(connection: Connection, bytes: Buffer, start: number, from: number, to: number): void {
  const { context } = connection;
  const packet = parsePublish(bytes, bytes[start]!, from, to, connection.v5, connection.topicMemory, context.limits.maxPropertyBytes);
  context.figures.received += 1;
  if ("code" in packet) {
    connection.fault(packet);
    return;
  }
  const topic = resolveTopic(connection, packet);
  if (topic === null) return;
  if (
    packet.qos > 0 &&
    connection.pubacks.pending + connection.session!.incoming.size >= context.limits.maxInflightIn &&
    !isKnown(connection, packet)
  ) {
    if (connection.v5) {
      connection.fault({ code: REASON.receiveMaximumExceeded, why: "more is in flight than Receive Maximum allows" }); // §3.3.4
      return;
    }
    if (packet.qos === 2) {
      connection.fault({ code: REASON.quotaExceeded, why: "too many QoS 2 publications are not released" });
      return;
    }
  }
  if (isReservedTopic(topic) || !connection.peer.mayPublish(topic)) {
    // 3.1.1 has no way to say no: the publication is acknowledged and goes nowhere (§3.3.5, [MQTT-3.3.5-2]).
    context.figures.refused += 1;
    answerAtOnce(connection, packet, REASON.notAuthorized);
    return;
  }
  if (to - packet.payloadAt > context.limits.maxBodyBytes) {
    context.figures.refused += 1;
    if (connection.v5) answerAtOnce(connection, packet, REASON.quotaExceeded);
    else connection.fault({ code: REASON.packetTooLarge, why: "a payload is larger than allowed" });
    return;
  }
  if (packet.qos === 2 && !enterIncoming(connection, packet)) return;
  const turn = orderOf(connection, packet)?.take() ?? 0;
  connection.intake.began(to - from);
  // Copied, for it lies in a larger piece of what was read; whole, for so it may be passed on.
  const copy = Buffer.allocUnsafe(to - start);
  bytes.copy(copy, 0, start, to);
  const { qos, retain, properties } = packet;
  const event = toNewEvent({ topic, qos, retain, properties, payload: copy.subarray(packet.payloadAt - start) }, connection.readAt);
  const session = connection.session!;
  if (qos > 0) {
    context.hub.ingest(event, (outcome) => onStored(connection, session, { packet, turn }, outcome));
    return;
  }
  // The same bytes would be made of it again, unless its length was written with more of them than it needs.
  if (!connection.v5 && !retain && from - start === 1 + varintBytes(to - from)) context.encoder.passOn(event, copy);
  context.notePublisher(event, connection.clientId);
  context.hub.ingest(event, connection.onUnanswered);
}

/** Null when the connection had to be ended. */
function resolveTopic(connection: Connection, packet: PublishPacket): string | null {
  const alias = packet.properties?.topicAlias;
  let { topic } = packet;
  if (alias !== undefined) {
    if (alias > connection.context.limits.topicAliasMaximum) {
      connection.fault({ code: REASON.topicAliasInvalid, why: `the topic alias ${alias} is above the maximum` }); // [MQTT-3.3.2-9]
      return null;
    }
    if (topic !== "") (connection.aliasesIn ??= new Map()).set(alias, topic);
    topic = connection.aliasesIn?.get(alias) ?? "";
    if (topic === "") {
      connection.fault({ code: REASON.protocolError, why: `the topic alias ${alias} is not known` }); // §3.3.4
      return null;
    }
  }
  return topic;
}

function isKnown(connection: Connection, packet: PublishPacket): boolean {
  return packet.qos === 2 && connection.session!.incoming.has(packet.packetId);
}

/** False when this identifier was received already, and is being answered or is answered again [MQTT-4.3.3-10]. */
function enterIncoming(connection: Connection, packet: PublishPacket): boolean {
  const session = connection.session!;
  const { packetId } = packet;
  const before = session.incoming.get(packetId);
  if (before !== undefined) {
    if (before) answerAtOnce(connection, packet, REASON.success);
    return false;
  }
  session.incoming.set(packetId, false);
  // In the same commit as the event: one without the other would lose it or publish it twice.
  if (session.durable) connection.context.rows.saveIncoming(session.clientId, packetId);
  return true;
}

/** A publication that is being stored, and its turn to be acknowledged. */
interface Taken {
  readonly packet: PublishPacket;
  readonly turn: number;
}

/** A publication at QoS 0 has its place in the log, or has not. */
export function onUnanswered(connection: Connection, outcome: AppendOutcome): void {
  connection.intake.ended();
  if (outcome.ok) {
    connection.context.notePublisher(outcome.event, connection.clientId);
    connection.entry?.noteReceived(outcome.event);
  } else connection.context.figures.refused += 1;
}

function onStored(connection: Connection, session: Session, taken: Taken, outcome: AppendOutcome): void {
  const { context } = connection;
  const { qos, packetId } = taken.packet;
  connection.intake.ended();
  if (outcome.ok) {
    context.notePublisher(outcome.event, connection.clientId);
    connection.entry?.noteReceived(outcome.event);
    if (qos === 2) onReceived(connection, session, taken);
    else answer(connection, taken, REASON.success);
    return;
  }
  context.figures.refused += 1;
  const { code, message } = outcome.refusal;
  if (qos === 2) {
    session.incoming.delete(packetId);
    if (session.durable) context.rows.dropIncoming(session.clientId, packetId);
  }
  if (connection.v5) answer(connection, taken, toReason(code));
  // 3.1.1 has no refusal. Without an acknowledgement the client sends it again after it has connected anew; where that
  // would be refused as well, it is acknowledged and goes nowhere.
  else if (code === "RETAINED_LIMIT") answer(connection, taken, REASON.success);
  else connection.fault({ code: toReason(code), why: message });
}

/** The peer may have connected anew while its publication was stored: it is told where it is now. */
function onReceived(connection: Connection, session: Session, { packet: { packetId }, turn }: Taken): void {
  if (session.incoming.get(packetId) !== false) {
    connection.pubrecs.settle(turn, () => {}); // The session ended meanwhile.
    return;
  }
  const receive = (refusal: Refusal | null): void => {
    session.incoming.set(packetId, true); // Also when its row waits for the disk: the event is in the log.
    if (refusal) connection.onRefused(refusal);
    connection.pubrecs.settle(turn, () => refusal ?? session.link?.sendReceived(packetId));
  };
  if (session.durable) connection.context.rows.flush(receive);
  else receive(null);
}

function answer(connection: Connection, { packet, turn }: Taken, reason: ReasonCode): void {
  if (packet.qos > 0) orderOf(connection, packet)?.settle(turn, () => sendAnswer(connection, packet, reason));
}

/** The answer to a publication that is not stored: those before it are answered first. */
function answerAtOnce(connection: Connection, packet: PublishPacket, reason: ReasonCode): void {
  const order = orderOf(connection, packet);
  if (order === null) return;
  if (order.pending > 2 * connection.context.limits.maxUncommitted)
    connection.fault({ code: REASON.quotaExceeded, why: "too many refused publications wait to be answered" });
  else order.settle(order.take(), () => sendAnswer(connection, packet, reason));
}

function sendAnswer(connection: Connection, { qos, packetId }: PublishPacket, reason: ReasonCode): void {
  connection.sendAck(qos === 1 ? PUBACK : PUBREC, packetId, reason);
}

function orderOf(connection: Connection, { qos }: PublishPacket): AckOrder | null {
  if (qos === 0) return null;
  return qos === 1 ? connection.pubacks : connection.pubrecs;
}

function toReason(code: ErrorCode): ReasonCode {
  switch (code) {
    case "TOPIC_INVALID":
      return REASON.topicNameInvalid;
    case "STORE_FULL":
    case "HUB_BUSY":
    case "BODY_TOO_LARGE":
    case "RETAINED_LIMIT":
      return REASON.quotaExceeded;
    default:
      return REASON.unspecified;
  }
}
