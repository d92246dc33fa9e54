import type { HeaderList } from "./event.ts";

/** How deliveries are signed (Standard Webhooks, "Signature scheme"): HMAC-SHA256 with a shared secret, or ed25519. */
export const SIGNATURE_KINDS = ["v1", "v1a"] as const;
export type SignatureKind = (typeof SIGNATURE_KINDS)[number];

/** A secret as it is shown: never the secret itself, which is told once, when it is made. */
export interface EndpointSecretInfo {
  readonly kind: SignatureKind;
  readonly createdAt: number;
  /** Of one that was replaced: until when deliveries are signed with it as well, epoch ms. */
  readonly expiresAt: number | null;
  /** `whpk_…` of an ed25519 key, by which receivers verify. */
  readonly publicKey: string | null;
}

/** What an outbound webhook target is told to be. */
export interface EndpointSettings {
  /** 1 to 64 letters, digits, dots, dashes or underscores. */
  readonly name: string;
  /** http:// or https://, without credentials. */
  readonly url: string;
  readonly description: string;
  /** Events wait in the log for an endpoint that is switched off. */
  readonly enabled: boolean;
  /** Topic filters of the events it is owed. */
  readonly filters: readonly string[];
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Requests begun per second; null for no bound. */
  readonly ratePerSecond: number | null;
  /** Events of one source (or, without one, of one topic) go one after the other; a failed one holds up those behind it. */
  readonly ordered: boolean;
  /** How long an answer may take. */
  readonly timeoutMs: number;
}

/**
 * A header sent along with each delivery. Shown with null in place of its value where that may be a secret; saved with
 * null, the value stays as it is, for the same origin.
 */
export type EndpointHeader = readonly [name: string, value: string | null];

export interface EndpointInfo extends EndpointSettings {
  readonly createdAt: number;
  /** Why the hub switched it off; null when it did not. */
  readonly disabledReason: string | null;
  readonly headers: readonly EndpointHeader[];
  readonly secrets: readonly EndpointSecretInfo[];
  readonly health: EndpointHealth;
}

/** `open`: it has failed so often that it is left alone for a while; `half-open`: one delivery tries it. */
export const CIRCUITS = ["closed", "open", "half-open"] as const;
export type Circuit = (typeof CIRCUITS)[number];

/** How it goes with an endpoint; the counts are since the hub started. */
export interface EndpointHealth {
  readonly circuit: Circuit;
  /** Nothing is sent before, epoch ms; null when nothing holds it up. */
  readonly pausedUntil: number | null;
  readonly inFlight: number;
  /** Deliveries that wait for another attempt, or for their turn. */
  readonly waiting: number;
  /** Events of the log that have not been looked at yet. */
  readonly behind: number;
  readonly succeeded: number;
  /** Attempts that failed. */
  readonly failed: number;
  readonly lastSuccessAt: number | null;
  readonly lastFailure: { readonly at: number; readonly message: string } | null;
}

/** Makes an endpoint, or changes the one of that name; what is left out stays as it is. */
export interface EndpointChange extends Partial<{ readonly [K in keyof EndpointSettings]: EndpointSettings[K] | undefined }> {
  readonly headers?: readonly EndpointHeader[] | undefined;
  /** Of a new one: its `whsec_…` or `whsk_…` secret, made when left out. */
  readonly secret?: string | undefined;
  /** Of a new one: which kind of secret is made. */
  readonly signature?: SignatureKind | undefined;
  /** What is in the log and still owed is not: it is given what comes from now on. */
  readonly skipMissed?: boolean | undefined;
}

/** With the secret when one was made or given: told here, and never again. */
export interface EndpointSaved extends EndpointInfo {
  readonly secret: string | null;
}

/** A new secret for an endpoint. */
export interface SecretRotation {
  readonly name: string;
  /** Of the new secret; that of the old one unless said. */
  readonly signature?: SignatureKind | undefined;
  /** The new secret; one is made when it is left out. */
  readonly secret?: string | undefined;
  /** How long deliveries are signed with the old one as well; SECRET_OVERLAP_MS unless said. */
  readonly overlapMs?: number | undefined;
}

/** What came of trying an endpoint out. */
export interface EndpointTried {
  readonly succeeded: boolean;
  readonly tookMs: number;
  readonly status: number | null;
  readonly message: string | null;
  readonly headers: HeaderList;
  /** The beginning of the answer's body. */
  readonly base64: string;
}

export const ENDPOINT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const MAX_ENDPOINTS = 200;
export const MAX_ENDPOINT_FILTERS = 100;
export const MAX_ENDPOINT_HEADERS = 30;
export const MAX_CONCURRENCY = 100;
export const MAX_TIMEOUT_MS = 60_000;
/** How long the old secret is used beside the new one unless said, and at most. */
export const SECRET_OVERLAP_MS = 24 * 3_600_000;
export const MAX_SECRET_OVERLAP_MS = 30 * 24 * 3_600_000;

export const ENDPOINT_DEFAULTS = {
  description: "",
  enabled: true,
  filters: ["#"],
  concurrency: 32,
  ratePerSecond: null,
  ordered: false,
  timeoutMs: 15_000,
} as const satisfies Partial<EndpointSettings>;
