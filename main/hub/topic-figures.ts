import type { Clock } from "../platform/clock.ts";
import type { HubEvent } from "./ports.ts";

/** How much comes on each topic, counted since the hub started. Bounded: topics beyond the bound are not counted. */
export interface TopicFigures {
  note(events: readonly HubEvent[]): void;
  /** By name of the level directly below `parent` (null: the first levels): the sum of all that is on it and below. */
  below(parent: string | null): ReadonlyMap<string, TopicFigure>;
}

export interface TopicFigure {
  readonly count: number;
  readonly perSecond: number;
}

const MAX_TOPICS = 50_000;
const SAMPLE_MS = 900;

interface Counted {
  count: number;
  before: number;
  rate: number;
}

export function createTopicFigures(clock: Pick<Clock, "monotonic">): TopicFigures {
  const topics = new Map<string, Counted>();
  let sampledAt = clock.monotonic();

  /** Rates are of the time since somebody last looked. */
  const sample = (): void => {
    const now = clock.monotonic();
    const passedMs = now - sampledAt;
    if (passedMs < SAMPLE_MS) return;
    sampledAt = now;
    for (const counted of topics.values()) {
      counted.rate = ((counted.count - counted.before) * 1000) / passedMs;
      counted.before = counted.count;
    }
  };

  return {
    note(events) {
      for (const { topic } of events) {
        const counted = topics.get(topic);
        if (counted) counted.count += 1;
        else if (topics.size < MAX_TOPICS) topics.set(topic, { count: 1, before: 0, rate: 0 });
      }
    },
    below(parent) {
      sample();
      const prefix = parent === null ? "" : `${parent}/`;
      const sums = new Map<string, { count: number; perSecond: number }>();
      for (const [topic, { count, rate }] of topics) {
        if (!topic.startsWith(prefix)) continue;
        const end = topic.indexOf("/", prefix.length);
        const name = end < 0 ? topic.slice(prefix.length) : topic.slice(prefix.length, end);
        const sum = sums.get(name);
        if (sum) {
          sum.count += count;
          sum.perSecond += rate;
        } else sums.set(name, { count, perSecond: rate });
      }
      return sums;
    },
  };
}
