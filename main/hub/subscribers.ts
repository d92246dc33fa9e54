import { accept, refuse, type Result } from "../contract/errors.ts";
import { topicFilterFault } from "../contract/topic.ts";
import type { HubEvent, NewEvent, Subscriber } from "./ports.ts";
import { createTopicIndex } from "./subscriptions.ts";

/** Who is told of which events: one index for the peers of every protocol. */
export interface Subscribers {
  create<S>(
    deliver: (event: HubEvent, matched: readonly S[]) => void,
    ahead?: (event: NewEvent, matched: readonly S[]) => void,
  ): Subscriber<S>;
  /** Calls every subscriber with a matching filter once; of an event that went ahead, those that did not take it then. */
  deliver(event: HubEvent): void;
  /** Calls those that take events before their commit. */
  deliverAhead(event: NewEvent): void;
  size(): number;
}

/** What stands in the index. `matched` gathers a subscriber's matches while one event is given out. */
interface Listener {
  readonly deliver: (event: HubEvent, matched: readonly never[]) => void;
  readonly ahead: ((event: NewEvent, matched: readonly never[]) => void) | null;
  readonly matched: unknown[];
}

interface Entry {
  readonly listener: Listener;
  readonly value: unknown;
}

/** `onFault` hears of a subscriber that threw: one subscriber's bug must not keep the event from the others. */
export function createSubscribers(onFault: (topic: string, error: unknown) => void): Subscribers {
  const index = createTopicIndex<Entry>();
  const reached: Listener[] = [];
  /** Subscriptions of those that take nothing ahead. */
  let laterOnly = 0;
  const reach = ({ listener, value }: Entry): void => {
    if (listener.matched.length === 0) reached.push(listener);
    listener.matched.push(value);
  };

  function giveOut(event: HubEvent | NewEvent, isAhead: boolean): void {
    index.match(event.topic, reach);
    for (const listener of reached) {
      try {
        if (isAhead) listener.ahead?.(event, listener.matched as never[]);
        else if (event.ahead !== true || listener.ahead === null) listener.deliver(event as HubEvent, listener.matched as never[]);
      } catch (error) {
        onFault(event.topic, error);
      }
      listener.matched.length = 0;
    }
    reached.length = 0;
  }

  return {
    create<S>(deliver: (event: HubEvent, matched: readonly S[]) => void, ahead?: (event: NewEvent, matched: readonly S[]) => void) {
      const listener: Listener = { deliver, ahead: ahead ?? null, matched: [] };
      return {
        subscribe(filter: string, value: S): Result<() => void> {
          const fault = topicFilterFault(filter);
          if (fault) return refuse("TOPIC_INVALID", `Nobody can subscribe to this: ${fault}.`, { filter });
          const remove = index.add(filter, { listener, value });
          if (listener.ahead !== null) return accept(remove);
          laterOnly += 1;
          return accept(() => {
            if (remove()) laterOnly -= 1;
          });
        },
      };
    },
    deliver(event) {
      if (event.ahead === true && laterOnly === 0) return;
      giveOut(event, false);
    },
    deliverAhead: (event) => giveOut(event, true),
    size: () => index.size(),
  };
}
