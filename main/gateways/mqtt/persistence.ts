import { Readable } from "node:stream";
import { matchesTopic } from "../../contract/topic.ts";
import type { StateStore } from "../../hub/ports.ts";
import { createTopicIndex } from "../../hub/subscriptions.ts";
import { createPacketRows, type BrokerIdentity, type StoredPacket } from "./packet-rows.ts";
import type { Subscription } from "./wire/parse-subscribe.ts";

/** A subscription as aedes writes it. */
export interface AedesSubscription {
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly rh?: number;
  readonly rap?: boolean;
  readonly nl?: boolean;
  readonly subscriptionIdentifier?: number;
}

export interface ClientIdentity {
  readonly id: string;
  readonly brokerId?: string;
}

/** Subscriptions of sessions that are kept: what the gateway asks of the persistence beside aedes. */
export interface SubscriptionStore {
  add(clientId: string, subscriptions: readonly Subscription[]): Promise<void>;
  all(): Iterable<readonly [clientId: string, subscription: Subscription]>;
}

/** aedes-persistence 10.3's asynchronous interface over the hub's state store. All is held in memory; a promise resolves when it is on disk. */
export type Persistence = ReturnType<typeof createPersistence>;

export function createPersistence(store: StateStore) {
  const rows = createPacketRows(store);
  const subscriptions = new Map<string, Map<string, { sub: AedesSubscription; remove: (() => void) | null }>>();
  const index = createTopicIndex<{ readonly clientId: string; readonly sub: AedesSubscription }>();
  const outgoing = new Map<string, StoredPacket[]>();
  const incoming = new Map<string, Map<number, StoredPacket>>();
  const retained = new Map<string, StoredPacket>();
  const wills = new Map<string, StoredPacket>();
  let broker: BrokerIdentity | null = null;
  let destroyed = false;
  for (const [clientId, sub] of rows.subscriptions()) remember(clientId, sub);
  for (const [clientId, packet] of rows.wills()) wills.set(clientId, packet);
  for (const packet of rows.retained()) retained.set(packet.topic ?? "", packet);
  for (const [clientId, packet] of rows.outgoing()) listOf(clientId).push(packet);
  for (const [clientId, packet] of rows.incoming()) mapOf(clientId).set(packet.messageId ?? 0, packet);

  function remember(clientId: string, sub: AedesSubscription): void {
    let own = subscriptions.get(clientId);
    if (!own) subscriptions.set(clientId, (own = new Map()));
    own.get(sub.topic)?.remove?.();
    // QoS 0 is restored with a session but nothing is queued for it.
    own.set(sub.topic, { sub, remove: sub.qos > 0 ? index.add(sub.topic, { clientId, sub }) : null });
  }

  function listOf(clientId: string): StoredPacket[] {
    let list = outgoing.get(clientId);
    if (!list) outgoing.set(clientId, (list = []));
    return list;
  }

  function mapOf(clientId: string): Map<number, StoredPacket> {
    let map = incoming.get(clientId);
    if (!map) incoming.set(clientId, (map = new Map()));
    return map;
  }

  function durable(): Promise<void> {
    return new Promise((resolve, reject) => {
      store.flush((refusal) => (refusal ? reject(new Error(refusal.message)) : resolve()));
    });
  }

  function enqueue(clientId: string, packet: StoredPacket): void {
    const copy = rows.toStored(packet);
    delete copy.length;
    copy.messageId = undefined;
    listOf(clientId).push(copy);
    rows.saveOutgoing(clientId, copy);
  }

  function* matching(patterns: readonly string[]): Generator<StoredPacket> {
    for (const pattern of patterns) for (const [topic, packet] of retained) if (matchesTopic(pattern, topic)) yield packet;
  }

  return {
    /** For the exam, which looks at it. */
    get broker() {
      return broker;
    },
    async setup(owner: BrokerIdentity) {
      broker = owner;
    },
    async storeRetained(packet: StoredPacket) {
      const topic = packet.topic ?? "";
      if (packet.payload === undefined || packet.payload.length === 0) {
        retained.delete(topic);
        rows.dropRetained(topic);
      } else {
        const copy = { ...packet };
        retained.set(topic, copy);
        rows.saveRetained(topic, copy);
      }
      await durable();
    },
    createRetainedStream: (pattern: string) => Readable.from(matching([pattern])),
    createRetainedStreamCombi: (patterns: readonly string[]) => Readable.from(matching(patterns)),
    async addSubscriptions(client: ClientIdentity, subs: readonly AedesSubscription[]) {
      for (const { topic, qos, rh, rap, nl, subscriptionIdentifier: id } of subs) {
        const sub = { topic, qos, rh, rap, nl, ...(id === undefined ? {} : { subscriptionIdentifier: id }) } as AedesSubscription;
        remember(client.id, sub);
        rows.saveSubscription(client.id, sub);
      }
      await durable();
    },
    async removeSubscriptions(client: ClientIdentity, topics: readonly string[]) {
      const own = subscriptions.get(client.id);
      for (const topic of topics) {
        own?.get(topic)?.remove?.();
        if (own?.delete(topic)) rows.dropSubscription(client.id, topic);
      }
      if (own?.size === 0) subscriptions.delete(client.id);
      await durable();
    },
    async subscriptionsByClient(client: ClientIdentity) {
      return [...(subscriptions.get(client.id)?.values() ?? [])].map(({ sub }) => sub);
    },
    async subscriptionsByTopic(topic: string) {
      const found: object[] = [];
      index.match(topic, ({ clientId, sub: { qos, rh, rap, nl, topic: filter } }) =>
        found.push({ clientId, topic: filter, qos, rh, rap, nl }),
      );
      return found;
    },
    async cleanSubscriptions(client: ClientIdentity) {
      for (const [topic, { remove }] of subscriptions.get(client.id) ?? []) {
        remove?.();
        rows.dropSubscription(client.id, topic);
      }
      subscriptions.delete(client.id);
      // The packets received and not released are the session's too: they must not outlive it (GHSA-p8r9-qf8w-p73r).
      for (const packetId of incoming.get(client.id)?.keys() ?? []) rows.dropIncoming(client.id, packetId);
      incoming.delete(client.id);
      await durable();
    },
    async countOffline() {
      return { subsCount: index.size(), clientsCount: subscriptions.size };
    },
    async outgoingEnqueue(sub: { readonly clientId: string }, packet: StoredPacket) {
      enqueue(sub.clientId, packet);
      await durable();
    },
    async outgoingEnqueueCombi(subs: readonly { readonly clientId: string }[], packet: StoredPacket) {
      for (const { clientId } of subs) enqueue(clientId, packet);
      await durable();
    },
    async outgoingUpdate(client: ClientIdentity, packet: StoredPacket) {
      const list = listOf(client.id);
      for (const [place, found] of list.entries()) {
        if (found.brokerId === packet.brokerId && packet.brokerId !== undefined) {
          if (found.brokerCounter !== packet.brokerCounter) continue;
          found.messageId = packet.messageId;
          rows.saveOutgoing(client.id, found);
        } else if (found.messageId === packet.messageId) {
          // PUBLISH becomes PUBREL.
          rows.dropOutgoing(client.id, found);
          list[place] = packet;
          rows.saveOutgoing(client.id, packet);
        } else continue;
        await durable();
        return;
      }
      throw new Error("no such packet");
    },
    async outgoingClearMessageId(client: ClientIdentity, packet: StoredPacket) {
      const list = listOf(client.id);
      const place = list.findIndex((found) => found.messageId === packet.messageId);
      if (place < 0) return undefined;
      const [found] = list.splice(place, 1);
      rows.dropOutgoing(client.id, found!);
      return found;
    },
    outgoingStream: (client: ClientIdentity) => Readable.from([...(outgoing.get(client.id) ?? [])]),
    async incomingStorePacket(client: ClientIdentity, packet: StoredPacket) {
      const copy = rows.toStored(packet);
      delete copy.length;
      copy.messageId = packet.messageId;
      mapOf(client.id).set(packet.messageId ?? 0, copy);
      rows.saveIncoming(client.id, copy);
      await durable();
    },
    async incomingGetPacket(client: ClientIdentity, packet: StoredPacket) {
      const found = incoming.get(client.id)?.get(packet.messageId ?? 0);
      if (!found) throw new Error("no such packet");
      return found;
    },
    async incomingDelPacket(client: ClientIdentity, packet: StoredPacket) {
      if (!incoming.get(client.id)?.delete(packet.messageId ?? 0)) throw new Error("no such packet");
      rows.dropIncoming(client.id, packet.messageId ?? 0);
      await durable();
    },
    async putWill(client: ClientIdentity, packet: StoredPacket) {
      packet.brokerId = broker?.id;
      packet.clientId = client.id;
      wills.set(client.id, packet);
      rows.saveWill(client.id, packet);
      await durable();
    },
    async getWill(client: ClientIdentity) {
      return wills.get(client.id);
    },
    async delWill(client: ClientIdentity) {
      const will = wills.get(client.id);
      // After a take-over aedes deletes by name: the will of the connection that took over stays.
      const live = broker?.clients?.[client.id];
      if (will !== undefined && live !== undefined && live !== (client as object) && !live.closed && live.will === will) return will;
      if (wills.delete(client.id)) rows.dropWill(client.id);
      return will;
    },
    streamWill: (brokers: Readonly<Record<string, unknown>> = {}) =>
      Readable.from([...wills.values()].filter((will) => !brokers[will.brokerId ?? ""])),
    getClientList(topic: string) {
      return Readable.from([...subscriptions].filter(([, own]) => own.has(topic)).map(([clientId]) => clientId));
    },
    async destroy() {
      if (destroyed) throw new Error("destroyed called twice!");
      destroyed = true;
      await durable();
    },
    /** Is there anything of the client? */
    knows: (clientId: string): boolean => subscriptions.has(clientId) || incoming.has(clientId),
    allSubscriptions: (): Iterable<readonly [clientId: string, sub: AedesSubscription]> =>
      [...subscriptions].flatMap(([clientId, own]) => [...own.values()].map(({ sub }) => [clientId, sub] as const)),
  };
}
