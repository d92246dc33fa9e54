/** What the secret of a provider's webhooks is, in words for whoever has to find it. */
export interface SecretInfo {
  /** `shared`: a key both sides hold. `token`: sent as it is. `public-key`: verifies only. `identifier`: no secret, says whom to expect. */
  readonly kind: "shared" | "token" | "public-key" | "identifier";
  /** What the provider calls it. */
  readonly label: string;
  /** Where the provider shows it. */
  readonly help: string;
  /** Without it nothing can be verified. */
  readonly required: boolean;
}

/** What is known of a provider of webhooks, as data. */
export interface ProviderInfo {
  readonly id: string;
  readonly name: string;
  /** The provider's own page about it. */
  readonly docs: string;
  readonly secret: SecretInfo;
  /** What a good signature vouches for. Where the body is missing, people are told so. */
  readonly covers: readonly ("body" | "time" | "url" | "method" | "id")[];
  /** Checked in the tests against the provider's own code or requests it published. */
  readonly proven: boolean;
  /** Where what is known of it comes from. */
  readonly evidence: string;
  /** How far the signed time may be off, either way; null when nothing signed says when, or the provider sends old ones again. */
  readonly toleranceMs: number | null;
  /** How long it waits for an answer; null when it does not say. */
  readonly budgetMs: number | null;
  /** A request can be signed anew with the secret. */
  readonly canSign: boolean;
}
