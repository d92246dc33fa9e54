export const HMAC_ALGORITHMS = ["sha256", "sha1", "sha384", "sha512"] as const;
export type HmacAlgorithm = (typeof HMAC_ALGORITHMS)[number];

export const SIGNATURE_ENCODINGS = ["hex", "base64", "base64url"] as const;
export type SignatureEncoding = (typeof SIGNATURE_ENCODINGS)[number];

export const TIMESTAMP_FORMATS = ["seconds", "milliseconds", "rfc3339"] as const;
export type TimestampFormat = (typeof TIMESTAMP_FORMATS)[number];

export const SECRET_ENCODINGS = ["utf8", "base64", "hex"] as const;
export type SecretEncoding = (typeof SECRET_ENCODINGS)[number];

/** How a sender signs by HMAC, as data: what known providers do, and what somebody sets for one that is not known. */
export interface HmacScheme {
  readonly kind: "hmac";
  readonly algorithm: HmacAlgorithm;
  readonly encoding: SignatureEncoding;
  /** The header with the signature. */
  readonly header: string;
  /** What stands before the signature in its header, as `sha256=`. */
  readonly prefix: string;
  /** What parts several entries in the header, of which those with the prefix are signatures; null when it holds one. */
  readonly separator: string | null;
  /** What is signed: `{body} {timestamp} {id} {method} {url} {path} {query} {header:Name}`, and all else as it stands. */
  readonly template: string;
  /** The header that is `{timestamp}`. */
  readonly timestampHeader: string | null;
  /** Where there is no such header: what stands before the time among the signature header's entries, as `t=`. */
  readonly timestampPrefix: string | null;
  readonly timestampFormat: TimestampFormat;
  /** The header that is `{id}`. */
  readonly idHeader: string | null;
  /** How the secret is written down; a key of that many bytes is made of it. */
  readonly secretEncoding: SecretEncoding;
}

/** `user:password` is the secret (RFC 7617). */
export interface BasicScheme {
  readonly kind: "basic";
}

/** The secret stands in `Authorization: Bearer` (RFC 6750 §2.1). */
export interface BearerScheme {
  readonly kind: "bearer";
}

/** The secret stands as it is in a header or a query parameter. */
export interface TokenScheme {
  readonly kind: "token";
  readonly in: "header" | "query";
  readonly name: string;
}

/** How requests of a source without a known provider are verified. */
export type WebhookScheme = HmacScheme | BasicScheme | BearerScheme | TokenScheme;
