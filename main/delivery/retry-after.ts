import { MAX_RETRY_AFTER_MS } from "./retry-policy.ts";

/** IMF-fixdate, and the two older forms that must be understood (RFC 9110 §5.6.7). */
const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? [\w :-]+(?: GMT)?$/;

/**
 * What a Retry-After header asks for, in ms from `now` (epoch ms), from 0 to MAX_RETRY_AFTER_MS; null when it says
 * nothing that can be understood. Seconds or a date (RFC 9110 §10.2.3).
 */
export function parseRetryAfter(value: string | undefined, now: number): number | null {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, MAX_RETRY_AFTER_MS);
  if (!DATE.test(text)) return null;
  const at = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`); // asctime's form says no zone; it is GMT
  return Number.isNaN(at) ? null : Math.min(Math.max(0, at - now), MAX_RETRY_AFTER_MS);
}
