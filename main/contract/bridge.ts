/** A connection to another broker over which events are exchanged, in both directions as its routes say. */
export interface Bridge {
  /** 1 to 64 letters, digits, dots, dashes or underscores. */
  readonly name: string;
  /** mqtt://, mqtts://, ws:// or wss://, without credentials. */
  readonly url: string;
  readonly version: 4 | 5;
  readonly username: string | null;
  readonly password: string | null;
  /** PEM of the authorities that may have signed the upstream's certificate; null for those of the system. */
  readonly ca: string | null;
  /** What the upstream publishes comes here … */
  readonly subscribe: readonly BridgeRoute[];
  /** … and what is published here goes there. It is read from the log: topics recorded with `none` are not sent. */
  readonly publish: readonly BridgeRoute[];
}

/** Topics on both sides are a prefix of the side's own and what matches the filter; the first route that matches decides. */
export interface BridgeRoute {
  readonly filter: string;
  /** In front of the topic here, and at the upstream: empty, or ending in `/`. */
  readonly localPrefix: string;
  readonly remotePrefix: string;
}

/** A bridge as it is saved: a password that is left out stays as it is, for the same address and user name. */
export interface BridgeChange extends Omit<Bridge, "password"> {
  readonly password?: string | null | undefined;
}

/** A bridge as it is shown: without its password. */
export interface BridgeInfo extends Omit<Bridge, "password"> {
  readonly hasPassword: boolean;
  /** From the settings file: it cannot be removed by a call, but another of its name stands for it. */
  readonly fromFile: boolean;
}

export const BRIDGE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const MAX_BRIDGES = 20;
export const MAX_ROUTES = 50;
/** An event that has come over so many bridges goes no further. */
export const MAX_HOPS = 8;

export type BridgeState = "connecting" | "connected" | "waiting" | "stopped";

export interface BridgeStatus {
  readonly name: string;
  readonly url: string;
  readonly state: BridgeState;
  /** Why it is not connected, for a person. */
  readonly reason: string | null;
  /** Since the hub started. */
  readonly received: number;
  readonly sent: number;
  /** By the upstream, or by the hub. */
  readonly refused: number;
  /** Events of the log that are still to be looked at for the upstream. */
  readonly behind: number;
}
