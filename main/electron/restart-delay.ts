const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** A hub that has run this long before it ended is not failing again and again: its delay begins anew. */
export const STEADY_MS = 60_000;

/** How long to wait before the hub is started again: twice as long each time, at most half a minute. `failures` from 1. */
export function restartDelayMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}
