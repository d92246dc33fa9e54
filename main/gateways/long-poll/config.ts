/** Bounds of the long-poll gateway. */
export interface LongPollConfig {
  readonly waitS: number;
  readonly maxWaitS: number;
  readonly limit: number;
  readonly maxLimit: number;
  /** An answer ends with the event whose body goes beyond this. */
  readonly maxBytes: number;
  /** So much may be held of answers, over all polls; others wait for their turn. */
  readonly maxHeldBytes: number;
  /** Whoever does not read their answer for so long is cut. */
  readonly unreadMs: number;
}

export const LONG_POLL_DEFAULTS: LongPollConfig = {
  waitS: 30,
  maxWaitS: 300,
  limit: 100,
  maxLimit: 1000,
  maxBytes: 4 * 1024 * 1024,
  maxHeldBytes: 64 * 1024 * 1024,
  unreadMs: 60_000,
};
