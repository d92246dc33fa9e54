import type { Circuit } from "../contract/endpoint.ts";

/** Failures in a row after which an endpoint is left alone. */
const OPEN_AFTER = 8;
/** For how long: twice as long each time it fails again, from the first to the last. */
const FIRST_REST_MS = 5000;
const LONGEST_REST_MS = 5 * 60_000;
/** What a target is given that asks for less without saying for how long. */
const THROTTLE_MS = 1000;
/** All deliveries of a target wait at most this long because one was told to. */
const LONGEST_PAUSE_MS = 60 * 60_000;

export interface HealthOptions {
  readonly concurrency: number;
  readonly ratePerSecond: number | null;
  /** Ms that never go back. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** How much an endpoint is sent at once: less when it says so, nothing while it is down. */
export interface EndpointHealth {
  readonly circuit: Circuit;
  /** How many more requests may begin now. */
  room(): number;
  /** When there may be room again for other reasons than a request that ends: in ms from now; null when there is. */
  waitMs(): number | null;
  onBegin(): void;
  /** It never got as far as the target. */
  onCancel(): void;
  onSuccess(): void;
  /** `retryAfterMs`: the target asked for less, and named a time, or null when it did not. */
  onFailure(throttled: boolean, retryAfterMs: number | null): void;
  /** Somebody says that it is worth trying: an open circuit is half-open at once. */
  tryNow(): void;
  readonly inFlight: number;
}

export function createEndpointHealth({ concurrency, ratePerSecond, now, random }: HealthOptions): EndpointHealth {
  let inFlight = 0;
  let failuresInRow = 0;
  let rests = 0;
  /** Until when the circuit is open; null while it is closed. */
  let openUntil: number | null = null;
  let pausedUntil = 0;
  /** How many at once at the moment: halved by each answer that asks for less, one more by each success. */
  let width = concurrency;
  let tokens = ratePerSecond ?? 0;
  let filledAt = now();

  const isOpen = (): boolean => openUntil !== null && now() < openUntil;

  function fill(): void {
    if (ratePerSecond === null) return;
    const at = now();
    tokens = Math.min(Math.max(1, ratePerSecond), tokens + ((at - filledAt) / 1000) * ratePerSecond);
    filledAt = at;
  }

  function open(): void {
    const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** rests);
    openUntil = now() + rest * (0.8 + 0.2 * random());
    rests += 1;
  }

  return {
    get circuit() {
      if (openUntil === null) return "closed";
      return isOpen() ? "open" : "half-open";
    },
    get inFlight() {
      return inFlight;
    },
    room() {
      if (isOpen() || now() < pausedUntil) return 0;
      fill();
      const most = openUntil === null ? Math.floor(width) : 1;
      const byRate = ratePerSecond === null ? most : Math.floor(tokens);
      return Math.max(0, Math.min(most - inFlight, byRate));
    },
    waitMs() {
      fill();
      const forRate = ratePerSecond === null || tokens >= 1 ? 0 : ((1 - tokens) / ratePerSecond) * 1000;
      const wait = Math.max(forRate, pausedUntil - now(), (openUntil ?? 0) - now());
      return wait > 0 ? wait : null;
    },
    tryNow() {
      if (openUntil !== null) openUntil = Math.min(openUntil, now());
    },
    onBegin() {
      inFlight += 1;
      tokens -= 1;
    },
    onCancel() {
      inFlight -= 1;
    },
    onSuccess() {
      inFlight -= 1;
      failuresInRow = 0;
      rests = 0;
      openUntil = null;
      width = Math.min(concurrency, width + 1);
    },
    onFailure(throttled, retryAfterMs) {
      inFlight -= 1;
      failuresInRow += 1;
      if (throttled) {
        width = Math.max(1, width / 2);
        pausedUntil = Math.max(pausedUntil, now() + Math.min(retryAfterMs ?? THROTTLE_MS, LONGEST_PAUSE_MS));
      }
      // Those that were under way when it opened say nothing new.
      const probed = openUntil !== null && !isOpen();
      if (probed || (openUntil === null && failuresInRow >= OPEN_AFTER)) open();
    },
  };
}
