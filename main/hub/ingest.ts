import { refuse } from "../contract/errors.ts";
import { isReservedTopic, topicFault } from "../contract/topic.ts";
import type { Clock } from "../platform/clock.ts";
import { observe } from "./counters.ts";
import type { EventLog, GatewayHub, HubCounters } from "./ports.ts";
import type { Retained } from "./retained.ts";

/** Topics seen valid are not looked at again; the set is thrown away when it has grown to this. */
const KNOWN_TOPICS = 2048;

const FULL_OF_RETAINED =
  "As many retained events are kept as allowed (max-retained, max-retained-bytes). Clear some, or publish this one without retaining it.";

export interface Ingest {
  readonly ingest: GatewayHub["ingest"];
  refuseFromNowOn(): void;
}

/** The one way in: every event of every gateway passes here on its way to the log. */
export function createIngest(options: {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly counters: HubCounters;
  readonly reserveRetained: Retained["reserve"];
}): Ingest {
  const { log, clock, counters, reserveRetained } = options;
  const known = new Set<string>();
  let stopping = false;

  return {
    ingest(event, done) {
      if (stopping) {
        done(refuse("HUB_STOPPING", "The hub is stopping and takes no more events. Send this one again when it is back."));
        return;
      }
      if (!known.has(event.topic)) {
        const fault = topicFault(event.topic);
        if (fault) {
          done(refuse("TOPIC_INVALID", `This event cannot be published: ${fault}.`, { topic: event.topic }));
          return;
        }
        if (isReservedTopic(event.topic)) {
          const message = `Nobody can publish on ${event.topic}: topics that begin with $ are the hub's own. Choose another.`;
          done(refuse("TOPIC_RESERVED", message, { topic: event.topic }));
          return;
        }
        if (known.size >= KNOWN_TOPICS) known.clear();
        known.add(event.topic);
      }
      const release = event.retained ? reserveRetained(event) : null;
      if (event.retained && release === null) {
        done(refuse("RETAINED_LIMIT", FULL_OF_RETAINED, { topic: event.topic }));
        return;
      }
      const began = clock.monotonic();
      log.append(event, (outcome) => {
        release?.();
        if (outcome.ok) observe(counters.ack, clock.monotonic() - began);
        done(outcome);
      });
    },
    refuseFromNowOn() {
      stopping = true;
    },
  };
}
