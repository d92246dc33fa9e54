import type { Result } from "../contract/errors.ts";
import type { HubStatus } from "../contract/status.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import type { EventLog, GatewayHub, HubCounters, HubEvent, NewEvent } from "./ports.ts";
import { createGiveOut } from "./give-out.ts";
import { createRateMeter } from "./rate-meter.ts";
import { createRetained, type Retained, type RetainedBounds } from "./retained.ts";
import { createSubscribers } from "./subscribers.ts";

export interface Fanout {
  subscribe(filter: string, listener: (event: HubEvent) => void): Result<() => void>;
  readonly createSubscriber: GatewayHub["createSubscriber"];
  readonly retained: GatewayHub["retained"];
  readonly reserveRetained: Retained["reserve"];
  /** Runs when every event committed so far has been given out; at once when that is so. */
  afterGiven(run: () => void): void;
  onEvents(listener: (events: readonly HubEvent[]) => void): () => void;
  rate(): HubStatus["rate"];
  /** Gives an event that is being stored to those who take it so. */
  giveAhead(event: NewEvent): void;
  /** When the source's newest event since the start came, or null. */
  lastEventAt(source: string): number | null;
  /** The newest seq that subscribers were told of. */
  lastSeq(): number;
  /** Takes retained events from the log into account, before there is anybody to be told. */
  restore(retained: readonly HubEvent[]): void;
  close(): void;
}

export interface FanoutOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly counters: HubCounters;
  readonly logger: Logger;
  readonly retained: RetainedBounds;
}

/** From the log to whoever listens. Only accepted events are published; the inspector's listeners see them all. */
export function createFanout({ log, clock, counters, logger, retained: bounds }: FanoutOptions): Fanout {
  const subscribers = createSubscribers((topic, error) => logger.error(`A listener to ${topic} failed.`, { error }));
  const retained = createRetained(bounds);
  const listeners = new Set<(events: readonly HubEvent[]) => void>();
  const lastEventAt = new Map<string, number>();
  const accepted = createRateMeter(clock);
  const refused = createRateMeter(clock);
  let lastSeq = log.status().lastSeq;

  const guard = (what: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      // One listener's bug must not keep the event from the others.
      logger.error(`A listener to ${what} failed.`, { error });
    }
  };

  const giveOut = createGiveOut(clock, (event) => {
    lastSeq = event.seq;
    if (event.state !== "accepted") return;
    if (event.retained && !retained.keep(event))
      logger.warn("There are too many retained events; this one is not kept.", { topic: event.topic });
    subscribers.deliver(event);
  });

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
    giveOut.push(events);
  });

  return {
    subscribe: (filter, listener) => subscribers.create<null>((event) => listener(event)).subscribe(filter, null),
    createSubscriber: (deliver, ahead) => subscribers.create(deliver, ahead),
    giveAhead: (event) => subscribers.deliverAhead(event),
    retained: (filter) => retained.match(filter),
    reserveRetained: (event) => retained.reserve(event),
    afterGiven: (run) => giveOut.afterwards(run),
    onEvents(listener) {
      const own = (events: readonly HubEvent[]): void => listener(events);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    rate: () => ({ accepted: accepted.perSecond(), refused: refused.perSecond() }),
    lastEventAt: (source) => lastEventAt.get(source) ?? null,
    lastSeq: () => lastSeq,
    restore(events) {
      const left = events.filter((event) => !retained.keep(event)).length;
      if (left > 0) logger.warn("There are more retained events in the log than max-retained and max-retained-bytes allow.", { left });
    },
    close() {
      stop();
      giveOut.stop();
      listeners.clear();
    },
  };
}
