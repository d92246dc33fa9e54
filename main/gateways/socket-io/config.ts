/** Bounds of the Socket.IO gateway. */
export interface SocketIoConfig {
  /** A reader with more waiting than this is cut. */
  readonly maxQueuedBytes: number;
  readonly maxQueuedEvents: number;
  readonly maxSubscriptions: number;
  /** Publications of one client that wait to be stored; more are refused. */
  readonly maxInFlight: number;
  /** For so long a client that was cut off finds its subscriptions and what it missed. */
  readonly recoveryMs: number;
  /** What is remembered for that, over all clients; beyond, a client subscribes anew and goes on after its last seq. */
  readonly maxRemembered: number;
  readonly maxRememberedBytes: number;
  readonly maxBodyBytes: number;
}

export const SOCKET_IO_DEFAULTS: Omit<SocketIoConfig, "maxBodyBytes"> = {
  maxQueuedBytes: 4 * 1024 * 1024,
  maxQueuedEvents: 10_000,
  maxSubscriptions: 100,
  maxInFlight: 1000,
  recoveryMs: 120_000,
  maxRemembered: 5000,
  maxRememberedBytes: 32 * 1024 * 1024,
};
