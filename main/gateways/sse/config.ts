/** Bounds of the SSE gateway. */
export interface SseConfig {
  /** Between two comments that keep proxies from closing the stream. */
  readonly heartbeatMs: number;
  /** A reader with more waiting than this is cut. */
  readonly maxQueuedBytes: number;
  /** How long a client is told to wait before it comes again. */
  readonly retryMs: number;
}

export const SSE_DEFAULTS: SseConfig = { heartbeatMs: 15_000, maxQueuedBytes: 4 * 1024 * 1024, retryMs: 2000 };
