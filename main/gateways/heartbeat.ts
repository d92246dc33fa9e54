import type { Clock } from "../platform/clock.ts";

/** Visits every member once in each period, spread over it, so that thousands of peers are not visited in one turn. */
export interface Heartbeat<T> {
  add(member: T): void;
  delete(member: T): void;
  start(): void;
  stop(): void;
}

const SLOTS = 15;

export function createHeartbeat<T>(clock: Clock, periodMs: number, visit: (member: T) => void): Heartbeat<T> {
  const slots = Array.from({ length: SLOTS }, () => new Set<T>());
  let at = 0;
  let cancel: (() => void) | null = null;

  const beat = (): void => {
    cancel = clock.after(periodMs / SLOTS, beat);
    at = (at + 1) % SLOTS;
    for (const member of slots[at]!) visit(member);
  };
  return {
    // The slot whose turn was last: a whole period goes by before the first visit.
    add: (member) => void slots[at]!.add(member),
    delete(member) {
      for (const slot of slots) if (slot.delete(member)) return;
    },
    start() {
      cancel ??= clock.after(periodMs / SLOTS, beat);
    },
    stop() {
      cancel?.();
      cancel = null;
    },
  };
}
