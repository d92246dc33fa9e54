import { setTimeout as pause } from "node:timers/promises";

const LONGEST_MS = 10_000;
const BETWEEN_MS = 20;

/** Asks until the answer is neither null nor false, and gives it; fails with `what` when it never is. */
export async function eventually<T>(what: string, ask: () => T | null | false | Promise<T | null | false>): Promise<T> {
  const until = performance.now() + LONGEST_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > until) throw new Error(`It did not come true within ${LONGEST_MS} ms: ${what}`);
    await pause(BETWEEN_MS);
  }
}
