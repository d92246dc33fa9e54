import type { TunnelHealth } from "../contract/tunnel.ts";
import type { Clock } from "../platform/clock.ts";

export interface HealthTiming {
  /** Between tests of a new tunnel: its name may have to become known first. */
  readonly graceMs: readonly number[];
  /** Between tests of one that works; one that never did is tried as often. Free providers count requests. */
  readonly periodMs: number;
  /** Between tests of one that has worked, and does not now. */
  readonly againMs: number;
}

export const DEFAULT_HEALTH_TIMING: HealthTiming = { graceMs: [1000, 2000, 4000, 8000, 15_000], periodMs: 300_000, againMs: 5000 };

/** Tests in a row that a tunnel which has worked may fail before it is given up. */
const MAX_MISSES = 3;

export interface WatchHealthOptions {
  readonly test: () => Promise<TunnelHealth>;
  readonly clock: Clock;
  readonly timing: HealthTiming;
  /** Another provider could stand in: a tunnel that never works is then given up too. */
  readonly hasStandIn: boolean;
  /** What is now known for certain: a new tunnel may fail for a while. */
  readonly onHealth: (health: TunnelHealth) => void;
  /** It has worked and works no more, or never has. */
  readonly onGiveUp: (why: string) => void;
}

/** Tests a tunnel as long as it is open. Answers how to stop. */
export function watchHealth({ test, clock, timing, hasStandIn, onHealth, onGiveUp }: WatchHealthOptions): () => void {
  let stopped = false;
  let hasWorked = false;
  let misses = 0;
  let cancel = (): void => {};

  const next = (ms: number): void => {
    cancel = clock.after(ms, () => void look());
  };
  const look = async (): Promise<void> => {
    const health = await test();
    if (stopped) return;
    if (health.ok) {
      hasWorked = true;
      misses = 0;
      onHealth(health);
      return next(timing.periodMs * (0.9 + Math.random() * 0.2));
    }
    misses += 1;
    const grace = hasWorked ? undefined : timing.graceMs[misses - 1];
    if (grace !== undefined) return next(grace);
    onHealth(health);
    if (hasWorked ? misses >= MAX_MISSES : hasStandIn) return onGiveUp(health.reason ?? "It does not get through.");
    next(hasWorked ? timing.againMs : timing.periodMs);
  };
  void look();
  return () => {
    stopped = true;
    cancel();
  };
}
