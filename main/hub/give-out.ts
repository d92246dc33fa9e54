import type { Clock } from "../platform/clock.ts";
import type { HubEvent } from "./ports.ts";

/** Gives out events one after the other, for a while at a time: with thousands of subscriptions to each, a commit's events would keep the loop for seconds. */
export interface GiveOut {
  push(events: readonly HubEvent[]): void;
  /** Runs when everything pushed so far has been given out; at once when it has. */
  afterwards(run: () => void): void;
  /** What waits is not given out any more; what was to follow runs. */
  stop(): void;
}

const AT_ONCE_MS = 10;
/** The clock is looked at after so many events; after each, when they take long. */
const STRIDE = 16;

export function createGiveOut(clock: Pick<Clock, "monotonic">, give: (event: HubEvent) => void): GiveOut {
  let waiting: HubEvent[] = [];
  let next = 0;
  let stride = STRIDE;
  let isGiving = false;
  /** What is to run when so many of those that wait are given. */
  const due: { readonly at: number; readonly run: () => void }[] = [];

  function runDue(): void {
    while (due.length > 0 && due[0]!.at <= next) {
      const later = due.findIndex(({ at }) => at > next);
      for (const { run } of due.splice(0, later < 0 ? due.length : later)) run();
    }
  }

  function work(): void {
    const startedAt = clock.monotonic();
    let lookAt = next + stride;
    while (next < waiting.length) {
      give(waiting[next]!);
      next += 1;
      if (next < lookAt) continue;
      const tookMs = clock.monotonic() - startedAt;
      stride = tookMs > 1 ? 1 : STRIDE;
      lookAt = next + stride;
      if (tookMs < AT_ONCE_MS) continue;
      setImmediate(work);
      runDue();
      return;
    }
    runDue();
    waiting = [];
    next = 0;
    isGiving = false;
  }

  return {
    push(events) {
      for (const event of events) waiting.push(event);
      if (isGiving) return;
      isGiving = true;
      work();
    },
    afterwards(run) {
      if (isGiving) due.push({ at: waiting.length, run });
      else run();
    },
    stop() {
      waiting = [];
      next = 0;
      for (const { run } of due.splice(0)) run();
    },
  };
}
