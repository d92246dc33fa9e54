import type { Clock } from "../platform/clock.ts";
import type { Keys } from "./keys.ts";

/** At the latest after so long, since the wall clock may have been set. */
const LOOK_AGAIN_MS = 60_000;

/** Calls `ended` with the name of each key that stops being good: revoked, switched off or expired. Answers how to stop. */
export function watchKeys(keys: Keys, clock: Clock, ended: (name: string) => void): () => void {
  const goodOnes = (): Map<string, string> =>
    new Map(keys.list().flatMap(({ id, name }) => (keys.isGood(id) ? [[id, name] as const] : [])));
  let good = goodOnes();
  let cancel = (): void => {};

  const look = (): void => {
    const before = good;
    good = goodOnes();
    for (const [id, name] of before) if (!good.has(id)) ended(name);
    lookLater();
  };
  const lookLater = (): void => {
    cancel();
    const ends = keys.list().flatMap(({ id, expiresAt }) => (expiresAt !== null && good.has(id) ? [expiresAt] : []));
    if (ends.length > 0) cancel = clock.after(Math.min(LOOK_AGAIN_MS, Math.max(0, Math.min(...ends) - clock.now())), look);
  };

  lookLater();
  const forget = keys.onChange(look);
  return () => {
    forget();
    cancel();
  };
}
