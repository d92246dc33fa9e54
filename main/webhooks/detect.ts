import type { Confidence, Provider, WebhookRequest } from "./provider.ts";
import { PROVIDERS } from "./providers.ts";

export interface Detection {
  readonly provider: Provider;
  readonly confidence: Confidence;
}

/** Whose webhook a request looks like: to be offered to a person, never to be relied on. The certain one first; mostly there is one or none. */
export function detectProviders(request: WebhookRequest): readonly Detection[] {
  const found = PROVIDERS.flatMap((provider): Detection[] => {
    const confidence = provider.detect(request);
    return confidence ? [{ provider, confidence }] : [];
  });
  const certain = found.filter(({ confidence }) => confidence === "certain");
  return certain.length > 0 ? certain : found;
}
