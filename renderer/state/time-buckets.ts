/** Counts of events over a stretch of time cut into equal buckets. Moments are epoch ms; `to` is exclusive. */
export interface TimeBuckets {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

export const BUCKETS = 120;

/** Empty buckets of `spanMs` in all whose last one holds `now`, with bounds that do not move while time passes within it. */
export function bucketsUpTo(now: number, spanMs: number): TimeBuckets {
  const length = spanMs / BUCKETS;
  const to = (Math.floor(now / length) + 1) * length;
  return { from: to - spanMs, to, counts: emptyCounts() };
}

export function emptyCounts(): number[] {
  return Array.from({ length: BUCKETS }, () => 0);
}

/** The same stretch moved on so that it holds `now`: what falls out at the left is forgotten. */
export function advanceTo(buckets: TimeBuckets, now: number): TimeBuckets {
  if (now < buckets.to) return buckets;
  const length = bucketLength(buckets);
  const steps = Math.floor((now - buckets.to) / length) + 1;
  const counts = steps >= BUCKETS ? emptyCounts() : [...buckets.counts.slice(steps), ...emptyCounts().slice(0, steps)];
  return { from: buckets.from + steps * length, to: buckets.to + steps * length, counts };
}

export function addTimes(buckets: TimeBuckets, times: readonly number[]): TimeBuckets {
  const counts = [...buckets.counts];
  const length = bucketLength(buckets);
  for (const time of times) {
    const at = Math.floor((time - buckets.from) / length);
    if (at >= 0 && at < counts.length) counts[at]! += 1;
  }
  return { ...buckets, counts };
}

export function bucketLength(buckets: TimeBuckets): number {
  return (buckets.to - buckets.from) / buckets.counts.length;
}
