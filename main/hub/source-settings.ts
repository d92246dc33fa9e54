import { CUSTOM_PROVIDER, MAX_DEDUPE_WINDOW_MS, MAX_TOLERANCE_MS, type SourceSettings } from "../contract/source.ts";
import type { ProviderDirectory } from "./source-ports.ts";

/** What is left out stays as it is. */
export type SourceSettingsChange = { readonly [K in keyof SourceSettings]?: SourceSettings[K] | undefined };

/** A provider that is known needs no scheme, so that one goes when such a provider is set. */
export function mergeSettings(settings: SourceSettings, change: SourceSettingsChange): SourceSettings {
  const provider = change.provider === undefined ? settings.provider : change.provider;
  const scheme = change.scheme === undefined ? settings.scheme : change.scheme;
  return {
    provider,
    scheme: provider === CUSTOM_PROVIDER || change.scheme !== undefined ? scheme : null,
    mode: change.mode ?? settings.mode,
    public: change.public ?? settings.public,
    dedupeWindowMs: change.dedupeWindowMs ?? settings.dedupeWindowMs,
    toleranceMs: change.toleranceMs === undefined ? settings.toleranceMs : change.toleranceMs,
  };
}

/** Why a source cannot be set so, as a sentence; null when it can. */
export function settingsFault(settings: SourceSettings, providers: ProviderDirectory): string | null {
  const { provider, scheme, mode, dedupeWindowMs, toleranceMs } = settings;
  if (provider === CUSTOM_PROVIDER) {
    if (scheme === null) return `The provider "${CUSTOM_PROVIDER}" needs a scheme that says how requests are signed.`;
    const fault = providers.schemeFault(scheme);
    if (fault !== null) return fault;
  } else {
    if (scheme !== null) return `A scheme is for the provider "${CUSTOM_PROVIDER}" alone: of the others it is known how they sign.`;
    if (provider !== null && providers.find(settings) === null)
      return `There is no provider "${provider}". The call providers.list names them; "${CUSTOM_PROVIDER}" is for any other.`;
  }
  if (mode === "gateway" && provider === null) return "In gateway mode only what verifies is taken, so a provider must be set first.";
  if (!isBetween(dedupeWindowMs, 0, MAX_DEDUPE_WINDOW_MS))
    return `The window for duplicates is a whole number of ms from 0 (off) to ${MAX_DEDUPE_WINDOW_MS} (30 days).`;
  if (toleranceMs !== null && !isBetween(toleranceMs, 0, MAX_TOLERANCE_MS))
    return `The tolerance is a whole number of ms from 0 (any time will do) to ${MAX_TOLERANCE_MS} (a day), or null for the provider's own.`;
  return null;
}

function isBetween(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max;
}
