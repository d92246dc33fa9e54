/** So many a minute from each address, in tokens that come back evenly. Bounded: who was seen longest ago is forgotten first. */
export interface AttemptLimit {
  /** Takes one; false when there is none left. */
  take(address: string): boolean;
}

const MAX_ADDRESSES = 10_000;

/** `now` in ms, monotonic. `burst` at once, `perMinute` in the long run. */
export function createAttemptLimit(now: () => number, burst: number, perMinute: number): AttemptLimit {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(address) {
      const at = now();
      const before = buckets.get(address);
      const tokens = before ? Math.min(burst, before.tokens + ((at - before.at) / 60_000) * perMinute) : burst;
      buckets.delete(address);
      buckets.set(address, { tokens: Math.max(0, tokens - 1), at });
      if (buckets.size > MAX_ADDRESSES) buckets.delete(buckets.keys().next().value!);
      return tokens >= 1;
    },
  };
}
