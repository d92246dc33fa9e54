import type { TunnelHealth } from "../contract/tunnel.ts";
import type { TunnelProviderId } from "../contract/tunnel-provider.ts";
import type { Logger } from "../platform/log.ts";

/** One way to the internet, one file each under providers/. */
export interface TunnelProvider {
  readonly id: TunnelProviderId;
  /** Why it cannot be used on this machine as things are, with what to do; null when it can. */
  readonly unavailable?: () => Promise<string | null>;
  /**
   * The header in which the provider itself says who sent a request, in lower case. Of several values the last one
   * counts: those before it are the sender's word.
   */
  readonly senderHeader: string | null;
  /** `settings` have passed their checks and hold their presets. Throws a TunnelFault. */
  open(settings: ProviderSettings, context: OpenContext): Promise<OpenTunnel>;
}

export type ProviderSettings = Readonly<Record<string, string>>;

export interface OpenContext {
  /** The tunnel's own listener, on 127.0.0.1: the only place that what comes may go to. */
  readonly localPort: number;
  readonly dataFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when opening is given up. What is open is closed by `close`, gently. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** A setting that keeps the public URL the same the next time, also after a restart. */
  remember(setting: string, value: string): void;
  /** Who is behind a connection that the provider opened to the listener, from this port. Null when it is gone. */
  noteSender(fromPort: number, address: string | null): void;
}

export interface OpenTunnel {
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** A foreign server has named it, and it leads somewhere else: not to be dialled before it is known where. */
  readonly isForeignWord: boolean;
  /** Everything on it is for this one source, whose public URL it is; null: sources stand below it. */
  readonly onlySource: string | null;
  /** Resolves, once, with why it ended. */
  readonly ended: Promise<string>;
  /** A self-test of its own, where one that calls the public URL and waits for the hub's answer cannot be. */
  readonly test?: (signal: AbortSignal) => Promise<TunnelHealth>;
  /** Resolves when nothing comes by it any more. */
  close(): Promise<void>;
}

/** Why a tunnel cannot be opened: a sentence for a person that says what to do. */
export class TunnelFault extends Error {
  /** It stays so until a person does something; trying again soon is of no use. */
  readonly needsPerson: boolean;

  constructor(message: string, options: { readonly needsPerson?: boolean } = {}) {
    super(message);
    this.name = "TunnelFault";
    this.needsPerson = options.needsPerson ?? false;
  }
}
