const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/** How long to wait before attempt `attempt` (1, 2, …): doubled each time, the upper half of it left to chance. */
export function backOffMs(attempt: number, random: () => number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return Math.round(most / 2 + (most / 2) * random());
}
