import { accept, refuse, type Result } from "../contract/errors.ts";
import { topicFilterFault } from "../contract/topic.ts";
import type { HubStatus } from "../contract/status.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import type { EventLog, HubCounters, HubEvent } from "./ports.ts";
import { createRateMeter } from "./rate-meter.ts";
import { createTopicIndex } from "./subscriptions.ts";

export interface Fanout {
  subscribe(filter: string, listener: (event: HubEvent) => void): Result<() => void>;
  onEvents(listener: (events: readonly HubEvent[]) => void): () => void;
  rate(): HubStatus["rate"];
  /** When the source's newest event since the start came, or null. */
  lastEventAt(source: string): number | null;
  close(): void;
}

export interface FanoutOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly counters: HubCounters;
  readonly logger: Logger;
}

/** From the log to whoever listens. Only accepted events are published; the inspector's listeners see them all. */
export function createFanout({ log, clock, counters, logger }: FanoutOptions): Fanout {
  const subscribers = createTopicIndex<(event: HubEvent) => void>();
  const listeners = new Set<(events: readonly HubEvent[]) => void>();
  const lastEventAt = new Map<string, number>();
  const accepted = createRateMeter(clock);
  const refused = createRateMeter(clock);

  const guard = (what: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      // One listener's bug must not keep the event from the others.
      logger.error(`A listener to ${what} failed.`, { error });
    }
  };

  const stop = log.onCommitted((events) => {
    let acceptedNow = 0;
    let refusedNow = 0;
    for (const event of events) {
      counters.events[event.protocol][event.state] += 1;
      counters.bodyBytes += event.body.length;
      if (event.source !== null) lastEventAt.set(event.source, event.receivedAt);
      if (event.state === "refused") refusedNow += 1;
      else acceptedNow += 1;
    }
    if (acceptedNow > 0) accepted.add(acceptedNow);
    if (refusedNow > 0) refused.add(refusedNow);
    for (const listener of listeners) guard("all events", () => listener(events));
    if (subscribers.size() === 0) return;
    for (const event of events)
      if (event.state === "accepted") subscribers.match(event.topic, (listener) => guard(event.topic, () => listener(event)));
  });

  return {
    subscribe(filter, listener) {
      const fault = topicFilterFault(filter);
      if (fault) return refuse("TOPIC_INVALID", `Nobody can subscribe to this: ${fault}.`, { filter });
      return accept(subscribers.add(filter, listener));
    },
    onEvents(listener) {
      const own = (events: readonly HubEvent[]): void => listener(events);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    rate: () => ({ accepted: accepted.perSecond(), refused: refused.perSecond() }),
    lastEventAt: (source) => lastEventAt.get(source) ?? null,
    close() {
      stop();
      listeners.clear();
    },
  };
}
