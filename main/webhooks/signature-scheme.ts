import type { Result } from "../contract/errors.ts";
import type { Verification } from "../contract/verification.ts";
import type { SignedChanges, WebhookRequest } from "./provider.ts";
import type { Content, SignedParts } from "./signature-template.ts";
import type { SignedTime } from "./signed-time.ts";
import type { SigningKey } from "./signing-key.ts";

/** What a request says of its signature. */
export interface Claim extends SignedParts {
  readonly signatures: readonly { readonly prefix: string; readonly text: string }[];
  /** Null when nothing that is signed says when. */
  readonly signedAt: SignedTime | null;
}

/** One way of signing: where the signature stands, what it covers, and what the secret is to it. */
export interface SignatureScheme {
  /** A request without this header is not signed this way. */
  readonly header: string;
  readonly usesUrl: boolean;
  readonly usesBody: boolean;
  readClaim(request: WebhookRequest): Claim | Verification;
  /** Null when the secret cannot be one of this scheme. */
  toKey(secret: string): SigningKey | null;
  /** What a secret becomes when it was copied or read wrongly, and how it would have to be. */
  mistakenKeys(secret: string): Iterable<readonly [remedy: string, key: SigningKey]>;
  toContent(request: WebhookRequest, parts: SignedParts): Content;
  /** The ways the sender may have written the URL it dialled; the URL itself when there is only one. */
  urlSpellings?(url: string): readonly string[];
  /** What else must hold when the signature is good. */
  bodyFault?(request: WebhookRequest): Verification | null;
  /** Puts a fresh time into the body or the like before it is signed. */
  refresh?(request: WebhookRequest, now: number): Result<WebhookRequest>;
  /** The parts and the headers of a request that is signed now. */
  writeParts(request: WebhookRequest, now: number): SignedParts;
  write(signature: string, parts: SignedParts): SignedChanges["headers"];
}

/** Whether any of the claimed signatures is this key's, over the request with its URL in any spelling. */
export function fits(scheme: SignatureScheme, request: WebhookRequest, claim: Claim, key: SigningKey): boolean {
  const signatures = claim.signatures.flatMap(({ prefix, text }) => (prefix === key.prefix ? [text] : []));
  if (signatures.length === 0) return false;
  const { url } = request;
  const spellings = scheme.usesUrl && scheme.urlSpellings && url !== null ? scheme.urlSpellings(url) : [url];
  return spellings.some((spelling) => key.fits(scheme.toContent({ ...request, url: spelling }, claim), signatures));
}
