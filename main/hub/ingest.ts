import { refuse } from "../contract/errors.ts";
import { isReservedTopic, topicFault } from "../contract/topic.ts";
import type { Clock } from "../platform/clock.ts";
import { observe } from "./counters.ts";
import type { Fanout } from "./fanout.ts";
import type { AppendOutcome, EventLog, GatewayHub, HubCounters, NewEvent } from "./ports.ts";

/** Topics seen valid are not looked at again; the set is thrown away when it has grown to this. */
const KNOWN_TOPICS = 2048;

const FULL_OF_RETAINED =
  "As many retained events are kept as allowed (max-retained, max-retained-bytes). Clear some, or publish this one without retaining it.";

export interface Ingest {
  readonly ingest: GatewayHub["ingest"];
  refuseFromNowOn(): void;
}

export interface IngestOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly counters: HubCounters;
  readonly fanout: Pick<Fanout, "giveAhead" | "reserveRetained" | "afterGiven">;
  /** Does somebody watch what goes to a peer? He sees events by their seq, so that they have to have one. */
  readonly isWatched: () => boolean;
}

/** The one way in: every event of every gateway passes here on its way to the log. */
export function createIngest({ log, clock, counters, fanout, isWatched }: IngestOptions): Ingest {
  const known = new Set<string>();
  let stopping = false;
  /** Events that are being stored and that nobody has been given yet. */
  let behind = 0;
  // After the fanout's own listener: what is counted out here has been given out.
  log.onCommitted((events) => {
    fanout.afterGiven(() => {
      for (const event of events) if (event.ahead !== true) behind -= 1;
    });
  });

  function ingestAhead(event: NewEvent, done: (outcome: AppendOutcome) => void): void {
    event.ahead = true;
    if (log.append(event, done)) fanout.giveAhead(event);
  }

  function ingestInTurn(event: NewEvent, done: (outcome: AppendOutcome) => void): void {
    const release = event.retained ? fanout.reserveRetained(event) : null;
    if (event.retained && release === null) {
      done(refuse("RETAINED_LIMIT", FULL_OF_RETAINED, { topic: event.topic }));
      return;
    }
    const began = clock.monotonic();
    behind += 1;
    log.append(event, (outcome) => {
      release?.();
      if (outcome.ok) observe(counters.ack, clock.monotonic() - began);
      else behind -= 1;
      // While events are given out more slowly than they are stored, senders wait for that, too: what is not given out stays bounded.
      if (outcome.ok) fanout.afterGiven(() => done(outcome));
      else done(outcome);
    });
  }

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
      // While nothing that came before waits for its commit, an unanswered event need not wait either; but a retained
      // one has its place only once it is in the log: who subscribes meanwhile must find it there.
      if (event.unanswered === true && !event.retained && behind === 0 && !isWatched()) ingestAhead(event, done);
      else ingestInTurn(event, done);
    },
    refuseFromNowOn() {
      stopping = true;
    },
  };
}
