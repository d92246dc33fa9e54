import type { HubEvent } from "../../hub/ports.ts";
import { createTopicIndex } from "../../hub/subscriptions.ts";
import { matchesTopic } from "../../contract/topic.ts";
import { toNewEvent } from "./inbound.ts";
import type { Subscription } from "./wire/parse-subscribe.ts";

type Deliver = (event: HubEvent, matched: readonly Subscription[]) => void;

/** `$SYS/…`: figures of the gateway for MQTT peers. They are no events: they are in no log, and only told to who asks. */
export interface SysTopics {
  /** Answers how to take the subscription away again. */
  subscribe(filter: string, deliver: Deliver, subscription: Subscription): () => void;
  /** The figures of now that match. */
  match(filter: string): Iterator<HubEvent>;
  /** Tells who listens. */
  publish(): void;
}

export const SYS_PREFIX = "$SYS/";

/** `figures` answers topic → value, without the `$SYS/broker/` in front. */
export function createSysTopics(figures: () => Readonly<Record<string, string | number>>, now: () => number): SysTopics {
  const index = createTopicIndex<{ readonly deliver: Deliver; readonly subscription: Subscription }>();

  function* events(): Generator<HubEvent> {
    for (const [name, value] of Object.entries(figures())) {
      const payload = Buffer.from(String(value));
      const event = toNewEvent({ topic: `${SYS_PREFIX}broker/${name}`, qos: 0, retain: true, payload, properties: null }, now());
      yield { ...event, protocol: "hub", seq: 0, id: "" };
    }
  }

  return {
    subscribe: (filter, deliver, subscription) => index.add(filter, { deliver, subscription }),
    *match(filter) {
      for (const event of events()) if (matchesTopic(filter, event.topic)) yield event;
    },
    publish() {
      if (index.size() === 0) return;
      for (const event of events()) index.match(event.topic, ({ deliver, subscription }) => deliver(event, [subscription]));
    },
  };
}
