/** Bounds on what MQTT peers can make the hub hold. Sizes in bytes, times in ms. */
export interface MqttLimits {
  readonly maxConnections: number;
  /** New connections a second over all peers; the ones above are closed at once. */
  readonly maxConnectsPerSecond: number;
  /** Time from the connection to a whole CONNECT, and its largest size. */
  readonly connectTimeoutMs: number;
  readonly maxConnectBytes: number;
  readonly maxPacketBytes: number;
  /** The payload of a publication. */
  readonly maxBodyBytes: number;
  /** QoS 1 and 2 events a client may have in flight towards the hub (MQTT 5: Receive Maximum), and the hub towards it. */
  readonly maxInflightIn: number;
  readonly maxInflightOut: number;
  /** Events of any QoS of one connection that wait for their commit; above it is not read from. */
  readonly maxUncommitted: number;
  readonly topicAliasMaximum: number;
  /** QoS 1 and 2 events that wait for a session, offline or slow; newer ones are dropped. The last bound is for all sessions together. */
  readonly maxQueuedEvents: number;
  readonly maxQueuedBytes: number;
  readonly maxQueuedEventsInAll: number;
  /** What events owed to sessions take in memory, over all of them: above, they are read from the log when their turn comes. */
  readonly maxOwedBytesInAll: number;
  /** Bytes that wait for a connection to be written to, and those sent to it and not acknowledged: above QoS 0 events are dropped for it, others wait. */
  readonly maxOutBytes: number;
  /** The properties of a publication, which are kept with the event. */
  readonly maxPropertyBytes: number;
  /** What the wills of all peers take; above, those who bring one are refused. */
  readonly maxWillBytesInAll: number;
  /** A connection that takes no bytes for so long is closed. */
  readonly drainTimeoutMs: number;
  readonly maxSubscriptions: number;
  readonly maxSessions: number;
  /** Longest time a session of MQTT 5 outlives its connection; 0xFFFFFFFF is for ever. */
  readonly maxSessionExpirySeconds: number;
  /** MQTT 5 keep-alive the hub imposes on clients that want more or none; 0 leaves it to them. */
  readonly serverKeepAliveSeconds: number;
  readonly sysIntervalMs: number;
}

export const DEFAULT_MQTT_LIMITS: MqttLimits = {
  maxConnections: 20_000,
  maxConnectsPerSecond: 5_000,
  connectTimeoutMs: 10_000,
  maxConnectBytes: 70 * 1024,
  maxPacketBytes: 10 * 1024 * 1024 + 64 * 1024,
  maxBodyBytes: 10 * 1024 * 1024,
  maxInflightIn: 1_024,
  maxInflightOut: 512,
  maxUncommitted: 4_096,
  topicAliasMaximum: 32,
  maxQueuedEvents: 10_000,
  maxQueuedBytes: 32 * 1024 * 1024,
  maxQueuedEventsInAll: 1_000_000,
  maxOwedBytesInAll: 256 * 1024 * 1024,
  maxOutBytes: 8 * 1024 * 1024,
  maxPropertyBytes: 64 * 1024,
  maxWillBytesInAll: 64 * 1024 * 1024,
  drainTimeoutMs: 30_000,
  maxSubscriptions: 1_000,
  maxSessions: 50_000,
  maxSessionExpirySeconds: 0xffffffff,
  serverKeepAliveSeconds: 0,
  sysIntervalMs: 10_000,
};
