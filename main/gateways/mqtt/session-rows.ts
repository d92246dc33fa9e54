import type { Refusal } from "../../contract/errors.ts";
import type { StateStore } from "../../hub/ports.ts";
import type { Qos } from "./wire/packet-type.ts";
import type { Properties } from "./wire/properties.ts";

/** Parts a key; no MQTT string that gets here holds a control character (wire/text-fault.ts). */
const PART = "\u0001";

/** How much of the conversation about an outgoing event is done: "released" has had its PUBREC. */
export type OutgoingState = "queued" | "sent" | "released";

/** What is kept of an event owed to a session; the event itself is in the log. */
export interface OutgoingRow {
  readonly seq: number;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly ids: readonly number[] | null;
  readonly packetId: number;
  readonly state: OutgoingState;
}

export interface SessionRow {
  readonly expirySeconds: number;
  /** Epoch ms; null while connected or when it never ends. */
  readonly expiresAt: number | null;
  /** Since when its peer is away, epoch ms; null while connected. */
  readonly awaySince: number | null;
  readonly peer: SessionPeer;
}

/** Who a session belongs to, as of its newest connection. */
export interface SessionPeer {
  /** The key's name; null for somebody without one. */
  readonly key: string | null;
  readonly version: string;
  readonly remoteAddress: string;
}

export interface WillRow {
  readonly topic: string;
  /** Base64, as is `correlation`. */
  readonly payload: string;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties: Omit<Properties, "correlationData">;
  readonly correlation?: string;
  /** When it is to be sent, epoch ms; null while the connection is open. */
  readonly dueAt: number | null;
}

/** The rows of sessions that outlive their connection. Every change carries the seq up to which events were given out. */
export interface SessionRows {
  saveSession(clientId: string, row: SessionRow): void;
  /** `order` is the event's place in the session's queue. */
  saveOutgoing(clientId: string, order: number, row: OutgoingRow): void;
  dropOutgoing(clientId: string, order: number): void;
  /** A QoS 2 packet identifier that was received and not yet released (§4.3.3). */
  saveIncoming(clientId: string, packetId: number): void;
  dropIncoming(clientId: string, packetId: number): void;
  dropSession(clientId: string): void;
  saveWill(clientId: string, row: WillRow): void;
  dropWill(clientId: string): void;
  flush(done: (refusal: Refusal | null) => void): void;
  sessions(): Iterable<readonly [clientId: string, row: SessionRow]>;
  outgoing(): Iterable<readonly [clientId: string, order: number, row: OutgoingRow]>;
  incoming(): Iterable<readonly [clientId: string, packetId: number]>;
  wills(): Iterable<readonly [clientId: string, row: WillRow]>;
  /** Up to which seq events had been given out when the rows were last written; null when never. */
  givenOut(): number | null;
  noteGivenOut(): void;
}

const KEY = {
  session: "mqtt/session/",
  outgoing: "mqtt/outgoing/",
  incoming: "mqtt/incoming/",
  will: "mqtt/last-will/",
  givenOut: "mqtt/given-out",
} as const;
const EMPTY = new Uint8Array(0);

export function createSessionRows(store: StateStore, lastSeq: () => number): SessionRows {
  const put = (key: string, value: unknown): void => {
    store.put(key, value === null ? null : value === EMPTY ? EMPTY : toBytes(value));
    store.put(KEY.givenOut, toBytes(lastSeq()));
  };
  const outgoingKey = (clientId: string, order: number): string => `${KEY.outgoing}${clientId}${PART}${String(order).padStart(16, "0")}`;
  const incomingKey = (clientId: string, packetId: number): string => `${KEY.incoming}${clientId}${PART}${packetId}`;
  const all = function* (prefix: string): Generator<readonly [string, string, Uint8Array]> {
    for (const [key, value] of store.all(prefix)) {
      const [first = "", second = ""] = key.slice(prefix.length).split(PART);
      yield [first, second, value];
    }
  };

  return {
    saveSession: (clientId, row) => put(KEY.session + clientId, row),
    saveOutgoing: (clientId, order, row) => put(outgoingKey(clientId, order), row),
    dropOutgoing: (clientId, order) => put(outgoingKey(clientId, order), null),
    saveIncoming: (clientId, packetId) => put(incomingKey(clientId, packetId), EMPTY),
    dropIncoming: (clientId, packetId) => put(incomingKey(clientId, packetId), null),
    dropSession: (clientId) => put(KEY.session + clientId, null),
    saveWill: (clientId, row) => put(KEY.will + clientId, row),
    dropWill: (clientId) => put(KEY.will + clientId, null),
    flush: (done) => store.flush(done),
    *sessions() {
      for (const [clientId, , value] of all(KEY.session)) yield [clientId, fromBytes(value) as SessionRow];
    },
    *outgoing() {
      for (const [clientId, order, value] of all(KEY.outgoing)) yield [clientId, Number(order), fromBytes(value) as OutgoingRow];
    },
    *incoming() {
      for (const [clientId, packetId] of all(KEY.incoming)) yield [clientId, Number(packetId)];
    },
    *wills() {
      for (const [clientId, , value] of all(KEY.will)) yield [clientId, fromBytes(value) as WillRow];
    },
    givenOut() {
      for (const [, value] of store.all(KEY.givenOut)) return fromBytes(value) as number;
      return null;
    },
    noteGivenOut: () => store.put(KEY.givenOut, toBytes(lastSeq())),
  };
}

function toBytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function fromBytes(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString("utf8"));
}
