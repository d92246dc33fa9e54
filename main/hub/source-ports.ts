import type { HeaderList } from "../contract/event.ts";
import type { DetectedProvider, Source, SourceSecretInfo, SourceSettings } from "../contract/source.ts";
import type { WebhookSecret } from "../contract/verification.ts";
import type { ProviderInfo } from "../contract/webhook-provider.ts";
import type { WebhookScheme } from "../contract/webhook-scheme.ts";

/** A source's secret as it is kept. */
export interface SourceSecret extends SourceSecretInfo {
  readonly value: string;
}

/** Where secrets of sources are kept: apart from the log, which can be copied without them. */
export interface SourceSecretStore {
  all(): ReadonlyMap<string, readonly SourceSecret[]>;
  /** Durable when it returns; throws when it could not be written. */
  set(source: string, secrets: readonly SourceSecret[]): void;
}

/** Good secrets by what they are for. */
export interface SourceSecretValues {
  readonly signature: readonly WebhookSecret[];
  readonly handshake: readonly WebhookSecret[];
}

/** What is known of the providers of webhooks; the hub itself knows none. */
export interface ProviderDirectory {
  list(): readonly ProviderInfo[];
  /** Null for an unknown one; of CUSTOM_PROVIDER what its scheme says. */
  find(settings: Pick<SourceSettings, "provider" | "scheme">): ProviderInfo | null;
  /** Why a text cannot be a secret of a source set so, as a sentence. */
  secretFault(settings: Pick<SourceSettings, "provider" | "scheme">, value: string): string | null;
  /** Why requests cannot be verified by a scheme, as a sentence. */
  schemeFault(scheme: WebhookScheme): string | null;
  /** Which provider a request looks like. */
  detect(request: {
    readonly method: string;
    readonly url: string | null;
    readonly headers: HeaderList;
    readonly body: Uint8Array;
  }): DetectedProvider | null;
}

/** A source as the one who takes its requests sees it: always as it is now. */
export interface LiveSource {
  readonly config: Source;
  secrets(): SourceSecretValues;
  /** How long the sender of an event waited for its answer. */
  noteAnswered(seq: number, ms: number): void;
}
