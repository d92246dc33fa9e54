const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** From one attempt to the next, the first of them from when the event is in the log (Standard Webhooks, "Retry schedule"). */
export const SCHEDULE_MS: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Later by at most this share, so that what failed together does not come back together. */
const JITTER = 0.2;
/** A target may ask for more time than the schedule gives, up to this. */
export const MAX_RETRY_AFTER_MS = 24 * HOUR;

/**
 * How long until the next attempt after so many that failed; null when there is to be none. `retryAfterMs` is what the
 * target asked for; `random` from 0 to 1.
 */
export function nextDelayMs(failures: number, retryAfterMs: number | null, random: number): number | null {
  const delay = SCHEDULE_MS[failures];
  if (delay === undefined) return null;
  return Math.max(delay * (1 + JITTER * random), Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
}
