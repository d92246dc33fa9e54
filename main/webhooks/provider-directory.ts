import { CUSTOM_PROVIDER, type DetectedProvider, type SourceSettings } from "../contract/source.ts";
import type { ProviderInfo } from "../contract/webhook-provider.ts";
import type { WebhookScheme } from "../contract/webhook-scheme.ts";
import { detectProviders } from "./detect.ts";
import { createGenericProvider } from "./generic-provider.ts";
import type { Provider, WebhookRequest } from "./provider.ts";
import { findProvider, PROVIDERS, toProviderInfo } from "./providers.ts";

type Choice = Pick<SourceSettings, "provider" | "scheme">;

/** Made once for each setting of a source: it is the same object until the source changes. */
const generic = new WeakMap<WebhookScheme, Provider | null>();

/** The provider a source is set to; null when it is set to none, or to one this version does not know. */
export function providerOf({ provider, scheme }: Choice): Provider | null {
  if (provider === null) return null;
  if (provider !== CUSTOM_PROVIDER) return findProvider(provider);
  if (scheme === null) return null;
  const known = generic.get(scheme);
  if (known !== undefined) return known;
  const made = createGenericProvider(scheme);
  generic.set(scheme, made.ok ? made.value : null);
  return made.ok ? made.value : null;
}

/** What the hub asks of the providers, as in ProviderDirectory of hub/ports.ts. */
export const providerDirectory = {
  list: (): readonly ProviderInfo[] => PROVIDERS.map(toProviderInfo),
  find(choice: Choice): ProviderInfo | null {
    const provider = providerOf(choice);
    return provider && toProviderInfo(provider);
  },
  secretFault: (choice: Choice, value: string): string | null => providerOf(choice)?.secret.fault(value) ?? null,
  schemeFault(scheme: WebhookScheme): string | null {
    const made = createGenericProvider(scheme);
    return made.ok ? null : made.refusal.message;
  },
  detect(request: WebhookRequest): DetectedProvider | null {
    const [first] = detectProviders(request);
    return first ? { id: first.provider.id, name: first.provider.name, confidence: first.confidence } : null;
  },
};
