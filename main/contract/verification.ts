import type { Verdict } from "./event.ts";

/**
 * Why a signature was not found good, once for the hub and everybody who shows it: the title stands beside the verdict,
 * the code is what is stored, filtered and tested for.
 */
export const VERDICT_CAUSES = {
  // failed: the request is not what the provider signed, or not from it
  "wrong-secret": "Signed with another secret",
  "body-modified": "The body was changed on its way",
  /** An HMAC alone cannot tell which of the two it was. */
  "wrong-secret-or-body-modified": "Wrong secret, or the body was changed on its way",
  "url-mismatch": "Signed for another URL",
  expired: "The signature is too old",
  "in-the-future": "The signature is from the future",
  "missing-header": "A header of the signature is missing",
  "duplicate-header": "A header of the signature is there twice",
  malformed: "The signature cannot be read",
  "certificate-untrusted": "The certificate is not the provider's",
  "not-allowed": "Genuine, but not from whom this source expects",
  // unverifiable: nobody can say
  "certificate-unavailable": "The provider's certificate could not be had",
  "secret-unusable": "The secret given here cannot be one of this provider",
  "url-unknown": "The URL that was signed is not known here",
  "body-truncated": "The body was longer than allowed and is not all there",
  unsupported: "Signed in a way not known here",
  unsigned: "This kind of request is not signed",
} as const;

export type VerdictCause = keyof typeof VERDICT_CAUSES;

/** What verifying one request came to. */
export interface Verification {
  readonly verdict: Verdict;
  /** Null when verified, and when nothing is configured. */
  readonly cause: VerdictCause | null;
  /** A sentence for a person: what was found, and what to do about it. Holds no secret. Null when verified. */
  readonly message: string | null;
  /** The name of the secret that fitted; null when none did, or none is needed. */
  readonly secretName: string | null;
  /** When the sender says it signed, epoch ms, as far as that was read; to be believed only when verified. */
  readonly signedAt: number | null;
}

/** One of a source's active secrets. The name tells people which one; the value never leaves the hub. */
export interface WebhookSecret {
  readonly name: string;
  readonly value: string;
}
