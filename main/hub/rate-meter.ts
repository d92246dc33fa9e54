import type { Clock } from "../platform/clock.ts";

const SLOTS = 10;
const SLOT_MS = 100;

export interface RateMeter {
  add(count: number): void;
  /** How many were added in the last second. */
  perSecond(): number;
}

/** Counts over a sliding second, in tenths, without keeping a time per event. */
export function createRateMeter(clock: Pick<Clock, "monotonic">): RateMeter {
  const counts = Array.from({ length: SLOTS }, () => 0);
  let current = Math.floor(clock.monotonic() / SLOT_MS);

  const turn = (): void => {
    const slot = Math.floor(clock.monotonic() / SLOT_MS);
    const passed = Math.min(slot - current, SLOTS);
    for (let step = 1; step <= passed; step += 1) counts[(current + step) % SLOTS] = 0;
    // After a pause of many slots all are zero, whichever were cleared.
    current = Math.max(slot, current);
  };

  return {
    add(count) {
      turn();
      counts[current % SLOTS] = (counts[current % SLOTS] ?? 0) + count;
    },
    perSecond() {
      turn();
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}
