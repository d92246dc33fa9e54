import type { ProviderDirectory, SourceSecret, SourceSecretStore } from "./source-ports.ts";

/** For a hub that is told of none: no source can have one. */
export const NO_PROVIDERS: ProviderDirectory = {
  list: () => [],
  find: () => null,
  secretFault: () => null,
  schemeFault: () => "No schemes are known here.",
  detect: () => null,
};

/** Secrets in memory, gone with the hub. */
export function createSecretsInMemory(): SourceSecretStore {
  const secrets = new Map<string, readonly SourceSecret[]>();
  return {
    all: () => secrets,
    set(source, list) {
      if (list.length === 0) secrets.delete(source);
      else secrets.set(source, list);
    },
  };
}
