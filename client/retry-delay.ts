const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/** How long to wait before the n-th attempt (from 0): exponential with full jitter. `random` is from 0 to 1. */
export function retryDelayMs(attempt: number, random: number): number {
  return Math.floor(Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16)) * random);
}
