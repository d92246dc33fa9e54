export interface BackOff {
  readonly firstMs: number;
  readonly mostMs: number;
  /** Where only a person can mend it. */
  readonly personMs: number;
}

export const DEFAULT_BACK_OFF: BackOff = { firstMs: 1000, mostMs: 60_000, personMs: 300_000 };

/** Full jitter: anything up to a bound that doubles with each round, so that many hubs do not come back at the same moment. */
export function backOffMs({ firstMs, mostMs }: BackOff, round: number, random: number): number {
  return Math.round(random * Math.min(mostMs, firstMs * 2 ** Math.min(round, 30)));
}
