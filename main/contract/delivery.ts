import type { HeaderList } from "./event.ts";

/** `waiting` for its next attempt, or its turn; `sending` right now; `dead` after its last attempt, and kept to be redelivered. */
export const DELIVERY_STATES = ["waiting", "sending", "succeeded", "dead"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Why an attempt failed. */
export const ATTEMPT_CAUSES = {
  status: "It was answered with a status that is not 2xx",
  redirect: "It was redirected, which is not followed",
  gone: "It was answered 410: the endpoint is gone",
  timeout: "It was not answered in time",
  unresolved: "The host's name could not be resolved",
  "target-refused": "The host's address is not one that deliveries may reach",
  unreachable: "No connection could be made",
  certificate: "The certificate is not trusted",
  "connection-lost": "The connection ended before the answer",
  "answer-malformed": "The answer is not valid HTTP",
  interrupted: "The hub stopped while it was under way; whether it arrived is not known",
  "event-removed": "The event is no longer in the log",
} as const;
export type AttemptCause = keyof typeof ATTEMPT_CAUSES;

/** One event owed to one endpoint. */
export interface DeliveryInfo {
  readonly id: string;
  readonly endpoint: string;
  readonly eventId: string;
  /** The event's place in the log. */
  readonly seq: number;
  /** Null once the event is no longer in the log. */
  readonly topic: string | null;
  readonly state: DeliveryState;
  /** HTTP tries begun so far. */
  readonly attempts: number;
  readonly createdAt: number;
  /** When its state changed last. */
  readonly changedAt: number;
  /** Null when none is to come; an endpoint that is paused or switched off may be later. */
  readonly nextAttemptAt: number | null;
  /** The delivery this one repeats. */
  readonly redeliveryOf: string | null;
  /** Of the last attempt. */
  readonly status: number | null;
  readonly cause: AttemptCause | null;
}

/** One HTTP try. */
export interface AttemptInfo {
  readonly attempt: number;
  readonly startedAt: number;
  /** Null while it is under way, and for one that was interrupted. */
  readonly tookMs: number | null;
  readonly status: number | null;
  readonly cause: AttemptCause | null;
  /** A sentence for a person; null when it succeeded. */
  readonly message: string | null;
  /** Of the answer. */
  readonly headers: HeaderList;
  /** The answer's body, at most MAX_ANSWER_BYTES of it, as it came: not decompressed. */
  readonly base64: string;
  /** There was more of it. */
  readonly truncated: boolean;
}

export interface DeliveryDetail extends DeliveryInfo {
  readonly attemptList: readonly AttemptInfo[];
}

export const MAX_ANSWER_BYTES = 64 * 1024;

export interface DeliveryFilter {
  readonly endpoint?: string | undefined;
  readonly state?: DeliveryState | undefined;
  readonly eventId?: string | undefined;
  /** Created at or after, and before, epoch ms. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface DeliveryQuery extends DeliveryFilter {
  /** The id of a delivery; those before it are listed. */
  readonly before?: string | undefined;
  /** 1 to MAX_DELIVERY_PAGE, default 100. */
  readonly limit?: number | undefined;
}

/** Newest first. */
export interface DeliveryPage {
  readonly deliveries: readonly DeliveryInfo[];
  /** Give it as `before` to go on; null at the end. */
  readonly cursor: string | null;
}

/** One by its id, or all that pass the filter and have not been redelivered already. */
export interface Redelivery extends DeliveryFilter {
  readonly id?: string | undefined;
}

export interface Redelivered {
  readonly count: number;
  /** Of the new deliveries, at most MAX_DELIVERY_PAGE. */
  readonly ids: readonly string[];
  /** There are more than are redelivered at once: ask again. */
  readonly more: boolean;
}

export const MAX_DELIVERY_PAGE = 500;
/** Deliveries that one call makes again. */
export const MAX_REDELIVERED = 5000;

export function toDeliveryId(number: number): string {
  return `dlv_${number.toString(36)}`;
}

/** The number an id stands for; null for what is no delivery's id. */
export function fromDeliveryId(id: string): number | null {
  const digits = /^dlv_([1-9a-z][0-9a-z]{0,10})$/.exec(id)?.[1];
  const number = digits === undefined ? Number.NaN : Number.parseInt(digits, 36);
  return Number.isSafeInteger(number) ? number : null;
}
