import { topicFilterFault } from "../../../contract/topic.ts";
import { Cursor } from "./cursor.ts";
import type { Qos } from "./packet-type.ts";
import { readProperties } from "./properties.ts";
import { REASON, type PacketFault } from "./reason-code.ts";

export interface Subscription {
  readonly filter: string;
  readonly qos: Qos;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  /** When retained events are sent: 0 always, 1 for a new subscription, 2 never (§3.8.3.1). */
  readonly retainHandling: 0 | 1 | 2;
  readonly id: number | null;
}

export interface SubscribePacket {
  readonly packetId: number;
  readonly subscriptions: readonly Subscription[];
}

export interface UnsubscribePacket {
  readonly packetId: number;
  readonly filters: readonly string[];
}

/** Filters that are well formed but longer or deeper than this hub allows are refused one by one, not as a fault. */
const TOO_LARGE = /longer than|more than/;

/** Reads and checks a SUBSCRIBE (§3.8). */
export function parseSubscribe(bytes: Buffer, first: number, from: number, to: number, v5: boolean): SubscribePacket | PacketFault {
  const cursor = new Cursor(bytes, from, to);
  if ((first & 0x0f) !== 2) cursor.fail(REASON.malformed, "SUBSCRIBE has wrong flags"); // [MQTT-3.8.1-1]
  const packetId = readPacketId(cursor);
  const id = v5 ? (readProperties(cursor, "subscribe").subscriptionIds?.[0] ?? null) : null;
  const subscriptions: Subscription[] = [];
  while (!cursor.atEnd) {
    const filter = readFilter(cursor);
    const options = cursor.uint8("the subscription options");
    const qos = options & 3;
    const retainHandling = (options >> 4) & 3;
    if (qos === 3) cursor.fail(REASON.malformed, "a subscription has QoS 3"); // [MQTT-3.8.3-4]
    if ((options & (v5 ? 0xc0 : 0xfc)) !== 0) cursor.fail(REASON.malformed, "a subscription has reserved bits set"); // [MQTT-3.8.3-5]
    if (retainHandling === 3) cursor.fail(REASON.protocolError, "the retain handling is 3"); // §3.8.3.1
    const noLocal = (options & 4) !== 0;
    if (noLocal && filter.startsWith("$share/")) cursor.fail(REASON.protocolError, "a shared subscription has no local"); // [MQTT-3.8.3-4]
    subscriptions.push({
      filter,
      qos: qos as Qos,
      noLocal,
      retainAsPublished: (options & 8) !== 0,
      retainHandling: retainHandling as 0 | 1 | 2,
      id,
    });
  }
  if (subscriptions.length === 0) cursor.fail(REASON.protocolError, "SUBSCRIBE has no topic filter"); // [MQTT-3.8.3-2]
  return cursor.fault ?? { packetId, subscriptions };
}

/** Reads and checks an UNSUBSCRIBE (§3.10). */
export function parseUnsubscribe(bytes: Buffer, first: number, from: number, to: number, v5: boolean): UnsubscribePacket | PacketFault {
  const cursor = new Cursor(bytes, from, to);
  if ((first & 0x0f) !== 2) cursor.fail(REASON.malformed, "UNSUBSCRIBE has wrong flags"); // [MQTT-3.10.1-1]
  const packetId = readPacketId(cursor);
  if (v5) readProperties(cursor, "unsubscribe");
  const filters: string[] = [];
  while (!cursor.atEnd) filters.push(readFilter(cursor));
  if (filters.length === 0) cursor.fail(REASON.protocolError, "UNSUBSCRIBE has no topic filter"); // [MQTT-3.10.3-2]
  return cursor.fault ?? { packetId, filters };
}

function readPacketId(cursor: Cursor): number {
  const packetId = cursor.uint16("the packet identifier");
  if (packetId === 0) cursor.fail(REASON.protocolError, "the packet identifier is 0"); // [MQTT-2.2.1-3]
  return packetId;
}

function readFilter(cursor: Cursor): string {
  const filter = cursor.text("a topic filter");
  if (cursor.fault) return filter;
  const share = splitShare(filter);
  if (share === "invalid") {
    cursor.fail(REASON.malformed, "a shared subscription is malformed"); // [MQTT-4.8.2-1] [MQTT-4.8.2-2]
    return filter;
  }
  const fault = topicFilterFault(share === null ? filter : share.filter);
  if (fault !== null && !TOO_LARGE.test(fault)) cursor.fail(REASON.malformed, fault); // [MQTT-4.7.1-1] and the like
  return filter;
}

/** `$share/<group>/<filter>` (§4.8.2); null for any other filter. */
export function splitShare(filter: string): { readonly group: string; readonly filter: string } | "invalid" | null {
  if (!filter.startsWith("$share/")) return null;
  const slash = filter.indexOf("/", 7);
  const group = slash < 0 ? "" : filter.slice(7, slash);
  if (group === "" || /[+#]/.test(group) || slash === filter.length - 1) return "invalid";
  return { group, filter: filter.slice(slash + 1) };
}
