import type { ErrorCode } from "./errors.ts";
import type { DetectedProvider } from "./source.ts";

export const PROTOCOLS = ["webhook", "http", "websocket", "mqtt", "sse", "long-poll", "socket-io", "hub"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export const DIRECTIONS = ["in", "out"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** What became of an event: only an accepted one is published; the others are kept to be looked at. */
export const EVENT_STATES = ["accepted", "duplicate", "refused", "handshake"] as const;
export type EventState = (typeof EVENT_STATES)[number];

export const VERDICTS = ["not-configured", "verified", "failed", "unverifiable"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Header lines as they came: order, case and duplicates kept; bytes above 0x7F as latin1 (RFC 9110 §5.5 obs-text). */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** What the Events list shows and what rides the live feed. Bodies never do. */
export interface EventSummary {
  /** Position in the log: strictly increasing, never reused. */
  readonly seq: number;
  /** `<log id>-<seq in base 36>`: unique over logs, resolved without an index. */
  readonly id: string;
  /** When the hub received it, epoch ms. */
  readonly time: number;
  readonly protocol: Protocol;
  readonly direction: Direction;
  readonly source: string | null;
  readonly topic: string;
  /** At most LINE_CHARS of it; the detail has all. */
  readonly contentType: string | null;
  /** Bytes of the body as sent; of a truncated one, what is known of it. */
  readonly size: number;
  /** HTTP only: method, the request target as dialled (path and query), and the status it was answered with. At most LINE_CHARS of the target; the detail has all. */
  readonly method: string | null;
  readonly path: string | null;
  readonly status: number | null;
  readonly state: EventState;
  /** Why it was refused. */
  readonly refusal: ErrorCode | null;
  /** The stored body is only the beginning of what was sent. */
  readonly truncated: boolean;
  readonly verdict: Verdict;
  readonly verdictCause: string | null;
  readonly duplicateOf: string | null;
  /** The id of the first event of the chain; its own id when nothing caused it. */
  readonly traceId: string;
  readonly causeId: string | null;
  readonly hops: number;
  readonly retained: boolean;
  /** Never removed from the log; left out when it is not pinned. */
  readonly pinned?: true;
  /** The body's beginning as text (at most PREVIEW_CHARS), control characters replaced; null when it is binary. */
  readonly preview: string | null;
  /** Present in query answers when asked for, and always in the detail. */
  readonly headers?: HeaderList;
}

export const PREVIEW_CHARS = 160;
/** A request may make its target as long as all headers may be, and a page or a frame holds hundreds of summaries. */
export const LINE_CHARS = 1024;

/** What can be told of a webhook beside what is stored of it. */
export interface WebhookDetail {
  /** Which provider it looks like, where its source had none. */
  readonly detected: DetectedProvider | null;
  /** How long its sender waited for the answer; null when it is not known any more. */
  readonly ackMs: number | null;
  /** How long the provider would have waited; null when it does not say, or is not known. */
  readonly budgetMs: number | null;
}

/** One event with everything but its body. */
export interface EventDetail extends EventSummary {
  readonly headers: HeaderList;
  readonly trailers: HeaderList;
  readonly query: string | null;
  readonly httpVersion: string | null;
  readonly remoteAddress: string | null;
  /** The URL the sender dialled, as far as the hub knows it. */
  readonly publicUrl: string | null;
  /** Bytes of the body that are stored. */
  readonly storedBytes: number;
  /** Lower-case hex SHA-256 of the stored body. */
  readonly sha256: string;
  /** The verdict's cause in a sentence: what was found, and what to do about it. */
  readonly verdictMessage?: string;
  /** Of webhooks alone. */
  readonly webhook?: WebhookDetail;
}
