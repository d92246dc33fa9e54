import type { Clock } from "../platform/clock.ts";
import type { Keys } from "./keys.ts";

/** At the latest after so long, since the wall clock may have been set. */
const LOOK_AGAIN_MS = 60_000;

/** Each is told of with its name. */
export interface KeyWatcher {
  /** It is not good any more: revoked, switched off or expired. */
  ended(name: string): void;
  /** It is gone and will not be good again; `ended` comes before it. */
  revoked(name: string): void;
}

/** Answers how to stop. */
export function watchKeys(keys: Keys, clock: Clock, watcher: KeyWatcher): () => void {
  const namesById = (): Map<string, string> => new Map(keys.list().map(({ id, name }) => [id, name]));
  const goodOnes = (): Map<string, string> =>
    new Map(keys.list().flatMap(({ id, name }) => (keys.isGood(id) ? [[id, name] as const] : [])));
  let all = namesById();
  let good = goodOnes();
  let cancel = (): void => {};

  const look = (): void => {
    const [allBefore, goodBefore] = [all, good];
    all = namesById();
    good = goodOnes();
    for (const [id, name] of goodBefore) if (!good.has(id)) watcher.ended(name);
    for (const [id, name] of allBefore) if (!all.has(id)) watcher.revoked(name);
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
