import type { HeaderList } from "./event.ts";
import type { WebhookScheme } from "./webhook-scheme.ts";

/** What a source answers to an event it has stored. A null body stands for the default, `{"id","seq"}` as JSON. */
export interface SourceAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string | null;
  readonly delayMs: number;
}

export const DEFAULT_ANSWER: SourceAnswer = { status: 200, headers: [], body: null, delayMs: 0 };
export const MAX_ANSWER_DELAY_MS = 30_000;

/**
 * `capture`: everything is taken and published; what does not verify is labelled. `gateway`: only what verifies is
 * published, everything else is answered 401 and kept to be looked at.
 */
export const SOURCE_MODES = ["capture", "gateway"] as const;
export type SourceMode = (typeof SOURCE_MODES)[number];

/** Who sends to a source, and how far that is trusted. */
export interface SourceSettings {
  /** The provider's id; CUSTOM_PROVIDER with a scheme; null: nothing is verified. */
  readonly provider: string | null;
  /** How a custom provider signs; null for the others. */
  readonly scheme: WebhookScheme | null;
  readonly mode: SourceMode;
  /** May it be reached through a tunnel? */
  readonly public: boolean;
  /** For so long a delivery is known again and not published twice; 0: it never is. */
  readonly dedupeWindowMs: number;
  /** How far the signed time may be off, either way. Null: as far as the provider says; 0: any time will do. */
  readonly toleranceMs: number | null;
}

export const CUSTOM_PROVIDER = "custom";
const DAY_MS = 86_400_000;
export const MAX_DEDUPE_WINDOW_MS = 30 * DAY_MS;
export const MAX_TOLERANCE_MS = DAY_MS;

export const DEFAULT_SOURCE_SETTINGS: SourceSettings = {
  provider: null,
  scheme: null,
  mode: "capture",
  public: false,
  dedupeWindowMs: 7 * DAY_MS,
  toleranceMs: null,
};

/** A configured way in for webhooks: `/in/<name>`. */
export interface Source extends SourceSettings {
  readonly name: string;
  readonly createdAt: number;
  readonly answer: SourceAnswer;
}

export const SOURCE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** `signature`: proves who sent a request. `handshake`: a word agreed with the provider, which it says when it asks whether the address is right. */
export const SECRET_USES = ["signature", "handshake"] as const;
export type SecretUse = (typeof SECRET_USES)[number];

/** What can be told of a source's secret: never the secret itself. */
export interface SourceSecretInfo {
  readonly name: string;
  readonly use: SecretUse;
  readonly addedAt: number;
  /** An old one after a rotation is good until then; null: for ever. */
  readonly expiresAt: number | null;
}

export const SECRET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const MAX_SOURCE_SECRETS = 10;
export const MAX_SECRET_CHARS = 16 * 1024;
/** How long an old secret stays good beside the new one unless said: as long as most providers let both be used. */
export const DEFAULT_OVERLAP_MS = DAY_MS;
export const MAX_OVERLAP_MS = 90 * DAY_MS;

/** Which provider a request looks like. `certain`: nobody else sends this. */
export interface DetectedProvider {
  readonly id: string;
  readonly name: string;
  readonly confidence: "certain" | "likely";
}

/** How long senders waited for their answers since the hub started: from a request's head to the answer, delay included. */
export interface AckFigures {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** How long the provider waits; null when it does not say, or is not known. */
  readonly budgetMs: number | null;
  /** Answers that came later than that. */
  readonly late: number;
}
