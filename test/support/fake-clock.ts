import type { Clock } from "../../main/platform/clock.ts";

export interface FakeClock extends Clock {
  /** Moves time on and runs, in order, what falls due. */
  advance(ms: number): void;
  /** How many timers wait. */
  pending(): number;
}

/** A clock that moves only when told to. */
export function createFakeClock(startAt = 1_700_000_000_000): FakeClock {
  let elapsed = 0;
  const timers: { at: number; fn: () => void }[] = [];
  return {
    now: () => startAt + elapsed,
    monotonic: () => elapsed,
    after(ms, fn) {
      const timer = { at: elapsed + ms, fn };
      timers.push(timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    advance(ms) {
      const until = elapsed + ms;
      for (;;) {
        timers.sort((a, b) => a.at - b.at);
        const next = timers[0];
        if (!next || next.at > until) break;
        timers.shift();
        elapsed = next.at;
        next.fn();
      }
      elapsed = until;
    },
    pending: () => timers.length,
  };
}
