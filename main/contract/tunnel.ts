import type { TunnelProviderId } from "./tunnel-provider.ts";

/** A provider with what it is to be told, by the names of its fields (tunnel-provider.ts). */
export interface ProviderChoice {
  readonly provider: TunnelProviderId;
  readonly settings: Readonly<Record<string, string>>;
}

/** Ways of the ingress that a tunnel may carry beside webhooks; each only when it is named, and then only with a key. */
export const TUNNEL_WAYS = ["publish", "poll", "sse", "websocket", "socket-io", "mqtt"] as const;
export type TunnelWay = (typeof TUNNEL_WAYS)[number];

/** How peers on the internet reach this hub: webhooks to sources that are marked public, and what `ways` names. */
export interface Tunnel {
  readonly name: string;
  /** In order: the first one is used, the others stand in for it when it fails. */
  readonly providers: readonly ProviderChoice[];
  readonly ways: readonly TunnelWay[];
  /** Where on 127.0.0.1 its own listener listens; 0 for any free port. */
  readonly localPort: number;
  /** It is tried through its public URL, again and again. */
  readonly selfTest: boolean;
}

/** A tunnel as it is saved. A secret that is left out stays as it is, as long as it goes to the same server. */
export interface TunnelChange {
  readonly name: string;
  readonly providers: readonly ProviderChoice[];
  readonly ways?: readonly TunnelWay[] | undefined;
  readonly localPort?: number | undefined;
  readonly selfTest?: boolean | undefined;
}

/** A choice as it is shown: without its secrets, but for which of them are set. */
export interface ProviderChoiceInfo extends ProviderChoice {
  readonly secrets: readonly string[];
}

/**
 * `opening`: a provider is being asked. `open`: there is a public URL, and nothing is known against it. `failing`: there is
 * one, but the self-test does not get through. `retrying`: every provider has failed, and the first is asked again at `retryAt`.
 */
export const TUNNEL_STATES = ["off", "opening", "open", "failing", "retrying"] as const;
export type TunnelState = (typeof TUNNEL_STATES)[number];

/**
 * What became of a stream of events through the tunnel: `streams` as it should; `post-only`: answers to GET are held
 * back until they end, those to POST are not, so that subscribers must use `POST /sse`; `buffered`: both are held back;
 * `unknown`: it could not be tried.
 */
export const STREAM_RESULTS = ["streams", "post-only", "buffered", "unknown"] as const;
export type StreamResult = (typeof STREAM_RESULTS)[number];

/** What the hub saw when it called itself through the public URL. */
export interface TunnelHealth {
  /** Epoch ms. */
  readonly testedAt: number;
  readonly ok: boolean;
  /** There and back; null when it did not come back. */
  readonly latencyMs: number | null;
  readonly stream: StreamResult;
  /** What is wrong, for a person. */
  readonly reason: string | null;
}

/** The address of a public source for its provider. */
export interface PublicSource {
  readonly source: string;
  readonly url: string;
}

export interface TunnelInfo extends Omit<Tunnel, "providers"> {
  readonly providers: readonly ProviderChoiceInfo[];
  /** From the settings file: it cannot be removed by a call, but another of its name stands for it. */
  readonly fromFile: boolean;
  /** Somebody wants it open: it is opened again after a restart. */
  readonly wanted: boolean;
  readonly state: TunnelState;
  /** The provider that is asked or used now. */
  readonly provider: TunnelProviderId | null;
  /** Without a slash at its end; null while there is none. */
  readonly publicUrl: string | null;
  /** Where its own listener is; null while it is off. */
  readonly localUrl: string | null;
  /** Why it is not open, or was lost the last time, for a person. */
  readonly reason: string | null;
  /** What somebody who uses it should know of its provider. */
  readonly note: string | null;
  /** Epoch ms. */
  readonly openedAt: number | null;
  readonly retryAt: number | null;
  /** How often it was opened again since somebody opened it. */
  readonly reconnects: number;
  /** Requests that came by it since then; those for what is not public are among them, and counted as turned away. */
  readonly requests: number;
  readonly turnedAway: number;
  readonly health: TunnelHealth | null;
  /** At most MAX_PUBLIC_SOURCES, by name. */
  readonly sources: readonly PublicSource[];
}

/** A provider that cannot be used here as things are, and what to do about it. */
export interface UnavailableProvider {
  readonly provider: TunnelProviderId;
  readonly reason: string;
}

export interface TunnelList {
  readonly tunnels: readonly TunnelInfo[];
  readonly unavailable: readonly UnavailableProvider[];
}

export const TUNNEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const MAX_TUNNELS = 20;
export const MAX_TUNNEL_PROVIDERS = 8;
export const MAX_PUBLIC_SOURCES = 200;
