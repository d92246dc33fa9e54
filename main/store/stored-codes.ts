import type { Direction, EventState, Protocol, Verdict } from "../contract/event.ts";

/**
 * How the log writes an event's enumerations: as positions in these lists, packed into one small integer per row.
 * They are part of the file format: append to them, never reorder or remove. The compiler demands every contract value.
 */
export const STORED_PROTOCOLS = covering<Protocol>()(["webhook", "http", "websocket", "mqtt", "sse", "long-poll", "socket-io", "hub"]);
export const STORED_DIRECTIONS = covering<Direction>()(["in", "out"]);
export const STORED_STATES = covering<EventState>()(["accepted", "duplicate", "refused", "handshake"]);
export const STORED_VERDICTS = covering<Verdict>()(["not-configured", "verified", "failed", "unverifiable"]);

/** Where each enumeration sits in `events.kind`: its lowest bit and its mask after shifting. */
export const KIND_FIELDS = {
  protocol: { shift: 0, mask: 15, values: STORED_PROTOCOLS },
  direction: { shift: 4, mask: 1, values: STORED_DIRECTIONS },
  state: { shift: 5, mask: 7, values: STORED_STATES },
  verdict: { shift: 8, mask: 7, values: STORED_VERDICTS },
} as const;
const RETAINED_BIT = 1 << 11;
const TRUNCATED_BIT = 1 << 12;
/** Two bits: 0 when the sender did not say, else the QoS plus one. */
const QOS_SHIFT = 13;
/** Set and taken away later: a pinned event is never removed. */
export const PINNED_BIT = 1 << 15;

export interface Kind {
  readonly protocol: Protocol;
  readonly direction: Direction;
  readonly state: EventState;
  readonly verdict: Verdict;
  readonly retained: boolean;
  readonly truncated: boolean;
  readonly qos?: 0 | 1 | 2;
  readonly pinned?: true;
}

export function toKind(event: Kind): number {
  return (
    codeOf("protocol", event.protocol) |
    codeOf("direction", event.direction) |
    codeOf("state", event.state) |
    codeOf("verdict", event.verdict) |
    (event.retained ? RETAINED_BIT : 0) |
    (event.truncated ? TRUNCATED_BIT : 0) |
    ((event.qos === undefined ? 0 : event.qos + 1) << QOS_SHIFT)
  );
}

export function fromKind(kind: number): Kind {
  const qos = (kind >> QOS_SHIFT) & 3;
  return {
    protocol: STORED_PROTOCOLS[kind & 15] ?? "hub",
    direction: STORED_DIRECTIONS[(kind >> 4) & 1] ?? "in",
    state: STORED_STATES[(kind >> 5) & 7] ?? "accepted",
    verdict: STORED_VERDICTS[(kind >> 8) & 7] ?? "not-configured",
    retained: (kind & RETAINED_BIT) !== 0,
    truncated: (kind & TRUNCATED_BIT) !== 0,
    ...(qos > 0 ? { qos: (qos - 1) as 0 | 1 | 2 } : {}),
    ...((kind & PINNED_BIT) === 0 ? {} : { pinned: true }),
  };
}

/** The kind of an accepted event that turns out to have come before. */
export function toDuplicateKind(kind: number): number {
  const { shift, mask } = KIND_FIELDS.state;
  return (kind & ~(mask << shift)) | codeOf("state", "duplicate");
}

/** Does it make its topic's retained event: with the flag, and accepted? */
export function isRetained(kind: number): boolean {
  return (kind & RETAINED_BIT) !== 0 && fromKind(kind).state === "accepted";
}

/** The bits that stand for each of a field's values. */
function toCodes({ shift, values }: { readonly shift: number; readonly values: readonly string[] }): ReadonlyMap<string, number> {
  return new Map(values.map((value, code) => [value, code << shift]));
}
const CODES = {
  protocol: toCodes(KIND_FIELDS.protocol),
  direction: toCodes(KIND_FIELDS.direction),
  state: toCodes(KIND_FIELDS.state),
  verdict: toCodes(KIND_FIELDS.verdict),
};

function codeOf(field: keyof typeof KIND_FIELDS, value: string): number {
  const code = CODES[field].get(value);
  if (code === undefined) throw new Error(`"${value}" has no place in the log's list of values for ${field}`);
  return code;
}

/** Accepts only a list that names every member of T. */
function covering<T extends string>() {
  return <const L extends readonly T[]>(list: [T] extends [L[number]] ? L : never): L => list;
}
