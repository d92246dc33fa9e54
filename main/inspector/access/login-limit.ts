const WINDOW_MS = 60_000;
const MAX_FAILURES = 10;
const MAX_ADDRESSES = 1000;

/** Counts failed logins by address: ten a minute. Bounded; the address heard of longest ago is forgotten first. */
export interface LoginLimit {
  /** How long this address has to wait, 0 when it need not. */
  waitMs(address: string): number;
  failed(address: string): void;
}

/** `now` in ms, monotonic. */
export function createLoginLimit(now: () => number): LoginLimit {
  const failures = new Map<string, { count: number; until: number }>();
  return {
    waitMs(address) {
      const entry = failures.get(address);
      return entry && entry.count >= MAX_FAILURES ? Math.max(0, entry.until - now()) : 0;
    },
    failed(address) {
      const entry = failures.get(address);
      failures.delete(address);
      failures.set(address, entry && entry.until > now() ? { ...entry, count: entry.count + 1 } : { count: 1, until: now() + WINDOW_MS });
      for (const oldest of failures.keys()) {
        if (failures.size <= MAX_ADDRESSES) break;
        failures.delete(oldest);
      }
    },
  };
}
