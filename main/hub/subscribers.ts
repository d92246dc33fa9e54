import { accept, refuse, type Result } from "../contract/errors.ts";
import { topicFilterFault } from "../contract/topic.ts";
import type { HubEvent, Subscriber } from "./ports.ts";
import { createTopicIndex } from "./subscriptions.ts";

/** Who is told of which events: one index for the peers of every protocol. */
export interface Subscribers {
  create<S>(deliver: (event: HubEvent, matched: readonly S[]) => void): Subscriber<S>;
  /** Calls every subscriber with a matching filter once. */
  deliver(event: HubEvent): void;
  size(): number;
}

/** What stands in the index. `matched` gathers a subscriber's matches while one event is given out. */
interface Listener {
  readonly deliver: (event: HubEvent, matched: readonly never[]) => void;
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
  const reach = ({ listener, value }: Entry): void => {
    if (listener.matched.length === 0) reached.push(listener);
    listener.matched.push(value);
  };

  return {
    create<S>(deliver: (event: HubEvent, matched: readonly S[]) => void) {
      const listener: Listener = { deliver, matched: [] };
      return {
        subscribe(filter: string, value: S): Result<() => void> {
          const fault = topicFilterFault(filter);
          if (fault) return refuse("TOPIC_INVALID", `Nobody can subscribe to this: ${fault}.`, { filter });
          return accept(index.add(filter, { listener, value }));
        },
      };
    },
    deliver(event) {
      index.match(event.topic, reach);
      for (const listener of reached) {
        try {
          listener.deliver(event, listener.matched as never[]);
        } catch (error) {
          onFault(event.topic, error);
        }
        listener.matched.length = 0;
      }
      reached.length = 0;
    },
    size: () => index.size(),
  };
}
