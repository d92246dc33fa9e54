import type { Bridge } from "../contract/bridge.ts";
import type { RecordRule } from "../contract/settings.ts";
import type { Tunnel } from "../contract/tunnel.ts";

/** Where a listener listens; null where it is switched off. Port 0 means any free one. */
export type ListenAddress = { readonly host: string; readonly port: number } | null;

/** Everything the program can be told, after file < environment < flags. Sizes in bytes, times in ms. */
export interface Config {
  readonly dataFolder: string;
  readonly ingress: ListenAddress;
  readonly inspector: ListenAddress;
  readonly mqtt: ListenAddress;
  /** What `ingress` and `mqtt` carry, over TLS. */
  readonly https: ListenAddress;
  readonly mqtts: ListenAddress;
  /** Paths of an own certificate and its key, both or none; null: one is made at first use. */
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  /** Null: made at first use and kept in the data folder. */
  readonly token: string | null;
  readonly logLevel: LogLevel;
  readonly maxBodyBytes: number;
  readonly createSources: boolean;
  readonly allowAnonymous: boolean;
  /** Host names beside the listeners' own addresses that they answer for. */
  readonly allowHosts: readonly string[];
  /** Origins of web pages that may use the ingress, as browsers write them. */
  readonly allowOrigins: readonly string[];
  /** Hosts and networks that are not public and deliveries may reach all the same. */
  readonly allowTargets: readonly string[];
  /** How long, how many and how much of the log is kept; null for no bound. */
  readonly keepForMs: number | null;
  readonly keepEvents: number | null;
  readonly keepBytes: number | null;
  /** What is recorded of which topics; the first rule that matches decides. */
  readonly record: readonly RecordRule[];
  readonly bridges: readonly Bridge[];
  readonly tunnels: readonly Tunnel[];
  readonly limits: Limits;
}

export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Bounds on what peers can make the hub hold. */
export interface Limits {
  /** All of a request's header bytes (431 above). */
  readonly maxHeaderBytes: number;
  /** Time for a request's headers, and for the whole request (408 after). */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly maxConnections: number;
  /** Bodies being received, and events waiting for a commit, over all connections (503 above). */
  readonly maxReceivingBytes: number;
  readonly maxQueuedEvents: number;
  readonly maxQueuedBytes: number;
  /** What waits for slow peers over all connections: above, they are cut, or sent no more for now. */
  readonly maxSendingBytes: number;
  readonly maxSources: number;
  /** Retained events, and what they take in memory (507 above). */
  readonly maxRetained: number;
  readonly maxRetainedBytes: number;
}
