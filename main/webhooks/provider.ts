import type { Result } from "../contract/errors.ts";
import type { HeaderList } from "../contract/event.ts";
import type { Verification, WebhookSecret } from "../contract/verification.ts";
import type { ProviderInfo, SecretInfo } from "../contract/webhook-provider.ts";

/** A request as it came. */
export interface WebhookRequest {
  readonly method: string;
  /** The URL the sender dialled, with its query, as far as it is known. */
  readonly url: string | null;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
  /** The body is only the beginning of what was sent. */
  readonly truncated?: boolean;
}

export interface VerifyContext {
  /** Epoch ms. */
  readonly now: number;
  /** How far the signed time may be off, either way. Null: the provider's own tolerance; 0: any time will do. */
  readonly toleranceMs: number | null;
  /** The certificate at `certificateUrl`, PEM; null when it could not be had. */
  readonly certificate?: string | null;
}

/** What a person is asked for when a source is set to this provider. */
export interface SecretKind extends SecretInfo {
  /** Why this text cannot be such a secret, as a sentence; null when it can. */
  fault(value: string): string | null;
}

/** What to change in a request so that it is signed anew. */
export interface SignedChanges {
  /** To be set, in place of all of the same name. */
  readonly headers: HeaderList;
  /** Where the time or the signature stands in the body. */
  readonly body?: Uint8Array;
  /** Where the URL carries part of it. */
  readonly url?: string;
}

/** `certain`: nobody else sends this. `likely`: others could. */
export type Confidence = "certain" | "likely";

/** Where the certificate is that a request was signed with, or why it is not looked for. */
export type CertificateSource = { readonly url: string } | { readonly verification: Verification };

/** All that is known of one provider of webhooks. Its functions are pure, and take a request for hostile. */
export interface Provider extends Omit<ProviderInfo, "secret" | "canSign"> {
  readonly secret: SecretKind;
  /** Whether a request looks like one of this provider's, signed or not. */
  detect(request: WebhookRequest): Confidence | null;
  /** Tries every secret and every signature there is. */
  verify(request: WebhookRequest, secrets: readonly WebhookSecret[], context: VerifyContext): Verification;
  /** Only where certificates are used: which one `verify` will want. */
  certificateUrl?(request: WebhookRequest): CertificateSource;
  /** Only where the secret allows it: signs the request as the provider would, at `now` (epoch ms). */
  sign?(request: WebhookRequest, secret: string, now: number): Result<SignedChanges>;
  /** The same for each attempt of one delivery, and for no other; null when the provider sends nothing of the kind. */
  deliveryId(request: WebhookRequest): string | null;
  /** As the provider writes it. */
  eventType(request: WebhookRequest): string | null;
}
