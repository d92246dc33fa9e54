/** Bounds of the WebSocket gateway. */
export interface WebSocketConfig {
  /** Between two protocol pings to a peer (RFC 6455 §5.5.2). */
  readonly heartbeatMs: number;
  /** A peer that has left so many pings unanswered is dead. */
  readonly maxMissedPings: number;
  /** A reader with more waiting than this is cut with 1013. */
  readonly maxQueuedBytes: number;
  /** How long a peer that is being cut has to read why. */
  readonly closeTimeoutMs: number;
  readonly maxSubscriptions: number;
  /** So many frames that cannot be understood, between two heartbeats, and the peer is closed with 1008. */
  readonly maxFaults: number;
  /** Largest payload of a publication. */
  readonly maxBodyBytes: number;
}

export const WEBSOCKET_DEFAULTS: Omit<WebSocketConfig, "maxBodyBytes"> = {
  heartbeatMs: 30_000,
  maxMissedPings: 2,
  maxQueuedBytes: 4 * 1024 * 1024,
  closeTimeoutMs: 5000,
  maxSubscriptions: 100,
  maxFaults: 10,
};

/** Subprotocols (RFC 6455 §1.9) in the order they are preferred. */
export const SUBPROTOCOLS = ["signalbox.v1", "cloudevents.json"] as const;
export type Subprotocol = (typeof SUBPROTOCOLS)[number];
