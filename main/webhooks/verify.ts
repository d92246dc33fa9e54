import type { Verification, WebhookSecret } from "../contract/verification.ts";
import type { Provider, VerifyContext, WebhookRequest } from "./provider.ts";
import { NOT_CONFIGURED, unverifiable } from "./verdict.ts";

/** How a source verifies. */
export interface VerifySettings {
  /** Null: nothing is verified. */
  readonly provider: Provider | null;
  /** All that are active, the newest first; each is tried. */
  readonly secrets: readonly WebhookSecret[];
  /** Null: the provider's own. 0: any time will do. */
  readonly toleranceMs: number | null;
}

export interface VerifyTools {
  /** Epoch ms. */
  readonly now: number;
  /** Has the certificate at a URL that `certificateUrl` gave, or null. */
  fetchCertificate(url: string): Promise<string | null>;
}

/** The verdict on one request. A promise only for the providers that sign with certificates, so that the others need no turn of the loop. */
export function verifyWebhook(request: WebhookRequest, settings: VerifySettings, tools: VerifyTools): Verification | Promise<Verification> {
  const { provider, secrets, toleranceMs } = settings;
  if (!provider || (secrets.length === 0 && provider.secret.required)) return NOT_CONFIGURED;
  if (request.truncated)
    return unverifiable("body-truncated", "The body is longer than the hub takes, and what is stored of it cannot be verified.");
  const context: VerifyContext = { now: tools.now, toleranceMs };
  const source = provider.certificateUrl?.(request);
  if (!source || "verification" in source) return provider.verify(request, secrets, context);
  return tools.fetchCertificate(source.url).then((certificate) => provider.verify(request, secrets, { ...context, certificate }));
}
