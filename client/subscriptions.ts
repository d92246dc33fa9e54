import { matchesFilter } from "./matches-filter.ts";
import type { SignalboxEvent } from "./signalbox-client.ts";

interface Subscription {
  readonly id: number;
  readonly filter: string;
  readonly onEvent: (event: SignalboxEvent) => void;
  /** Where to go on after a cut. Null until everything that is retained has come: cut off before, it is asked for again. */
  lastSeq: number | null;
  /** Where the hub's log ended when this connection subscribed. */
  startSeq: number;
  /** What comes unmarked is for it as well. */
  live: boolean;
}

/** An event as the hub sends it. `sub`: replayed, for this subscription alone. */
export type EventFrame = SignalboxEvent & { readonly sub?: number };

/** What this client follows, and how far each has come: the same over all connections. */
export interface Subscriptions {
  /** Throws when the filter is followed already. Answers what to send. */
  add(id: number, filter: string, onEvent: (event: SignalboxEvent) => void, after: number | null): string;
  /** False when it was removed before. */
  remove(id: number): boolean;
  /** What to send on a new connection. */
  frames(): readonly string[];
  onSubscribed(id: number, seq: number): void;
  onLive(id: number): void;
  onEvent(frame: EventFrame): void;
  onCut(): void;
}

export function createSubscriptions(): Subscriptions {
  const all = new Map<number, Subscription>();

  const toFrame = ({ id, filter, lastSeq }: Subscription): string =>
    JSON.stringify({ t: "subscribe", id, filter, mark: true, after: lastSeq });
  const give = (to: Subscription, event: SignalboxEvent): void => {
    if (!matchesFilter(to.filter, event.topic)) return;
    if (!event.retained) {
      if (to.lastSeq !== null && event.seq <= to.lastSeq) return;
      to.lastSeq = event.seq;
    }
    try {
      to.onEvent(event);
    } catch (error) {
      // A bug of its owner must be seen, but must not keep the event from the others.
      queueMicrotask(() => {
        throw error;
      });
    }
  };
  return {
    add(id, filter, onEvent, after) {
      if ([...all.values()].some((one) => one.filter === filter))
        throw new Error(`This client has a subscription to ${filter} already. End that first, or share its events.`);
      const subscription: Subscription = { id, filter, onEvent, lastSeq: after, startSeq: 0, live: false };
      all.set(id, subscription);
      return toFrame(subscription);
    },
    remove: (id) => all.delete(id),
    frames: () => [...all.values()].map(toFrame),
    onSubscribed(id, seq) {
      const subscription = all.get(id);
      if (!subscription) return;
      subscription.startSeq = seq;
      // The hub has less than we had: its log is another one, and counts from the start.
      if (subscription.lastSeq !== null && subscription.lastSeq > seq) subscription.lastSeq = seq;
    },
    onLive(id) {
      const subscription = all.get(id);
      if (!subscription) return;
      subscription.live = true;
      subscription.lastSeq ??= subscription.startSeq;
    },
    onEvent({ sub, ...event }) {
      if (sub === undefined) {
        for (const one of all.values()) if (one.live) give(one, event);
        return;
      }
      const subscription = all.get(sub);
      if (subscription) give(subscription, event);
    },
    onCut() {
      for (const one of all.values()) one.live = false;
    },
  };
}
