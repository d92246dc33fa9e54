import type { StateStore } from "../../hub/ports.ts";
import type { AedesSubscription } from "./persistence.ts";

/** A packet as aedes hands it over to be kept; what it carries beside these is kept as it is. */
export interface StoredPacket {
  cmd?: string;
  topic?: string;
  payload?: Buffer | string;
  messageId?: number | undefined;
  brokerId?: string | undefined;
  brokerCounter?: number;
  clientId?: string;
  qos?: 0 | 1 | 2;
  retain?: boolean;
  dup?: boolean;
  length?: number;
  properties?: Record<string, unknown>;
}

/** What a persistence sees of the broker it belongs to. */
export interface BrokerIdentity {
  readonly id: string;
  readonly clients?: Readonly<Record<string, { readonly closed: boolean; readonly will: unknown } | undefined>>;
}

const PART = "\u0001";
const KEY = {
  subscription: "mqtt/subscription/",
  will: "mqtt/will/",
  retained: "mqtt/retained/",
  outgoing: "mqtt/packet-out/",
  incoming: "mqtt/packet-in/",
} as const;

/** How what aedes keeps is written into rows. Reading begins with what was there at the start. */
export function createPacketRows(store: StateStore) {
  /** The places of outgoing packets in their order, over all clients. */
  const places = new WeakMap<StoredPacket, string>();
  let nextPlace = 1;
  for (const [key] of store.all(KEY.outgoing)) nextPlace = Math.max(nextPlace, Number(key.split(PART)[1]) + 1);

  const put = (key: string, value: unknown): void => store.put(key, value === null ? null : encode(value));
  const outgoingKey = (clientId: string, packet: StoredPacket): string => {
    let place = places.get(packet);
    if (place === undefined) {
      places.set(packet, (place = String(nextPlace).padStart(16, "0")));
      nextPlace += 1;
    }
    return `${KEY.outgoing}${clientId}${PART}${place}`;
  };
  function* all<T>(prefix: string): Generator<readonly [first: string, value: T, second: string]> {
    for (const [key, bytes] of store.all(prefix)) {
      const [first = "", second = ""] = key.slice(prefix.length).split(PART);
      yield [first, decode(bytes) as T, second];
    }
  }

  return {
    toStored(packet: StoredPacket): StoredPacket {
      const { cmd = "publish", qos = 0, retain = false, dup = false, payload = Buffer.alloc(0) } = packet;
      return { ...packet, cmd, qos, retain, dup, payload };
    },
    saveSubscription: (clientId: string, sub: AedesSubscription) => put(`${KEY.subscription}${clientId}${PART}${sub.topic}`, sub),
    dropSubscription: (clientId: string, topic: string) => put(`${KEY.subscription}${clientId}${PART}${topic}`, null),
    *subscriptions() {
      for (const [clientId, sub] of all<AedesSubscription>(KEY.subscription)) yield [clientId, sub] as const;
    },
    saveWill: (clientId: string, packet: StoredPacket) => put(KEY.will + clientId, packet),
    dropWill: (clientId: string) => put(KEY.will + clientId, null),
    wills: () => all<StoredPacket>(KEY.will),
    saveRetained: (topic: string, packet: StoredPacket) => put(KEY.retained + topic, packet),
    dropRetained: (topic: string) => put(KEY.retained + topic, null),
    *retained() {
      for (const [, packet] of all<StoredPacket>(KEY.retained)) yield packet;
    },
    saveOutgoing: (clientId: string, packet: StoredPacket) => put(outgoingKey(clientId, packet), packet),
    dropOutgoing: (clientId: string, packet: StoredPacket) => put(outgoingKey(clientId, packet), null),
    *outgoing() {
      for (const [clientId, packet, place] of all<StoredPacket>(KEY.outgoing)) {
        places.set(packet, place);
        yield [clientId, packet] as const;
      }
    },
    saveIncoming: (clientId: string, packet: StoredPacket) => put(`${KEY.incoming}${clientId}${PART}${packet.messageId}`, packet),
    dropIncoming: (clientId: string, packetId: number) => put(`${KEY.incoming}${clientId}${PART}${packetId}`, null),
    *incoming() {
      for (const [clientId, packet] of all<StoredPacket>(KEY.incoming)) yield [clientId, packet] as const;
    },
  };
}

/** JSON, with bytes as base64. */
function encode(value: unknown): Uint8Array {
  return Buffer.from(
    JSON.stringify(value, (_, member: unknown) => {
      if (typeof member !== "object" || member === null || !("type" in member) || member.type !== "Buffer" || !("data" in member))
        return member;
      return { $bytes: Buffer.from(member.data as number[]).toString("base64") };
    }),
  );
}

function decode(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString("utf8"), (_, member: unknown) => {
    if (typeof member === "object" && member !== null && "$bytes" in member) return Buffer.from(member.$bytes as string, "base64");
    return member;
  });
}
