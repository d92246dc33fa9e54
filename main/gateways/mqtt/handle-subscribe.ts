import { generate } from "mqtt-packet";
import { topicFilterFault } from "../../contract/topic.ts";
import type { Connection } from "./connection.ts";
import { encodeSubscribeAck } from "./wire/encode.ts";
import { parseSubscribe, parseUnsubscribe, splitShare, type Subscription } from "./wire/parse-subscribe.ts";
import { REASON } from "./wire/reason-code.ts";

/** A SUBSCRIBE or UNSUBSCRIBE that is on its way through aedes: when that is done with it, the peer is answered. */
export interface PendingAck {
  finish(): void;
}

/**
 * aedes keeps the subscriptions; only the good ones are put before it, since it would store those refused along with
 * them, and answers duplicates and refusals out of place. The peer's next packet waits for the answer, so that a
 * publication right after a subscription finds it.
 */
export function handleSubscribe(connection: Connection, bytes: Buffer, start: number, from: number, to: number): void {
  const packet = parseSubscribe(bytes, bytes[start]!, from, to, connection.v5);
  if ("code" in packet) {
    connection.fault(packet);
    return;
  }
  const codes = packet.subscriptions.map((subscription) => codeFor(connection, subscription));
  const good = packet.subscriptions.filter((_, index) => codes[index]! < 0x80);
  const forAedes = good.filter(({ filter }) => splitShare(filter) === null);
  const shared = good.filter(({ filter }) => splitShare(filter) !== null);
  const finish = (): void => {
    const { session, context } = connection;
    if (session === null || connection.state !== "open") return;
    const isNew = good.map((subscription) => context.sessions.subscribe(session, subscription));
    connection.outbox.add(encodeSubscribeAck("suback", connection.v5, packet.packetId, codes)); // [MQTT-3.8.4-6]
    for (const [index, subscription] of good.entries()) {
      if (!wantsRetained(subscription, isNew[index]!)) continue;
      session.sendRetained(context.retained(subscription.filter), subscription);
    }
  };
  const keepShared = (then: () => void): void => {
    if (shared.length === 0 || !connection.session!.durable) then();
    else
      void connection.context.subscriptions.add(connection.clientId, shared).then(then, () => connection.close(REASON.serverUnavailable));
  };
  connection.awaitAnswer();
  if (forAedes.length === 0) {
    keepShared(() => {
      finish();
      connection.answered();
    });
    return;
  }
  keepShared(() => {
    connection.pendingAck = { finish };
    connection.toAedes(toAedesSubscribe(packet.packetId, forAedes, connection.v5));
  });
}

export function handleUnsubscribe(connection: Connection, bytes: Buffer, start: number, from: number, to: number): void {
  const packet = parseUnsubscribe(bytes, bytes[start]!, from, to, connection.v5);
  if ("code" in packet) {
    connection.fault(packet);
    return;
  }
  const session = connection.session!;
  const codes = packet.filters.map((filter) =>
    connection.context.sessions.unsubscribe(session, filter) ? REASON.success : REASON.noSubscription,
  ); // [MQTT-3.10.4-1]
  connection.awaitAnswer();
  connection.pendingAck = {
    finish: () => connection.outbox.add(encodeSubscribeAck("unsuback", connection.v5, packet.packetId, codes)), // [MQTT-3.10.4-4]
  };
  connection.toAedes(
    generate(
      { cmd: "unsubscribe", messageId: packet.packetId, unsubscriptions: [...packet.filters] },
      { protocolVersion: connection.v5 ? 5 : 4 },
    ),
  );
}

/** The granted QoS, or why not (§3.9.3). */
function codeFor(connection: Connection, { filter, qos }: Subscription): number {
  const { limits } = connection.context;
  const share = splitShare(filter);
  const refusal = (reason: number): number => (connection.v5 ? reason : REASON.unspecified); // 3.1.1 knows only 0x80
  if (topicFilterFault(share === null || share === "invalid" ? filter : share.filter) !== null) return refusal(REASON.topicFilterInvalid);
  const { subscriptions } = connection.session!;
  if (subscriptions.size >= limits.maxSubscriptions && !subscriptions.has(filter)) return refusal(REASON.quotaExceeded);
  if (!connection.peer.maySubscribe(share === null || share === "invalid" ? filter : share.filter)) return refusal(REASON.notAuthorized);
  return qos;
}

/** §3.8.3.1 Retain Handling; never for shared subscriptions (§4.8.2). */
function wantsRetained({ filter, retainHandling }: Subscription, isNew: boolean): boolean {
  if (splitShare(filter) !== null) return false;
  return retainHandling === 0 || (retainHandling === 1 && isNew);
}

function toAedesSubscribe(packetId: number, subscriptions: readonly Subscription[], v5: boolean): Buffer {
  const [{ id } = { id: null }] = subscriptions;
  return generate(
    {
      cmd: "subscribe",
      messageId: packetId,
      subscriptions: subscriptions.map(({ filter, qos, noLocal, retainAsPublished, retainHandling }) => ({
        topic: filter,
        qos,
        nl: noLocal,
        rap: retainAsPublished,
        rh: retainHandling,
      })),
      ...(id === null ? {} : { properties: { subscriptionIdentifier: id } }),
    },
    { protocolVersion: v5 ? 5 : 4 },
  );
}
