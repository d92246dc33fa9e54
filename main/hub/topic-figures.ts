import type { Clock } from "../platform/clock.ts";
import type { HubEvent } from "./ports.ts";

/** How much comes on each topic, counted since the hub started. Bounded: topics beyond the bound are not counted. */
export interface TopicFigures {
  note(events: readonly HubEvent[]): void;
  /** The sum of all that is on this level of the topic tree and below. */
  of(topic: string): TopicFigure;
}

export interface TopicFigure {
  readonly count: number;
  readonly perSecond: number;
}

const MAX_TOPICS = 50_000;
const MAX_LEVELS = 200_000;
/** A rate is over the last one to two of these, so that a device which sends every few seconds does not seem to flicker. */
const MARK_MS = 5000;

/** A level of the topic tree; its counts include what is below it. */
interface Level {
  count: number;
  countAtMark: number;
  countAtEarlierMark: number;
  children: Map<string, Level> | null;
}

const NONE: TopicFigure = { count: 0, perSecond: 0 };

export function createTopicFigures(clock: Pick<Clock, "monotonic">): TopicFigures {
  const root = createLevel();
  const levels: Level[] = [];
  /** The levels each topic is counted in, so that an event costs one look-up. */
  const paths = new Map<string, readonly Level[]>();
  let markedAt = clock.monotonic();
  let earlierMarkedAt = markedAt;

  function pathOf(topic: string): readonly Level[] {
    const names = topic.split("/");
    if (paths.size >= MAX_TOPICS || levels.length + names.length > MAX_LEVELS) return [];
    let at = root;
    const path = names.map((name) => {
      at.children ??= new Map();
      let next = at.children.get(name);
      if (!next) {
        at.children.set(name, (next = createLevel()));
        levels.push(next);
      }
      return (at = next);
    });
    paths.set(topic, path);
    return path;
  }

  /** Marks are set by who looks: while nobody does, a rate costs nothing. */
  function mark(): void {
    const now = clock.monotonic();
    if (now - markedAt < MARK_MS) return;
    for (const level of levels) {
      level.countAtEarlierMark = level.countAtMark;
      level.countAtMark = level.count;
    }
    earlierMarkedAt = markedAt;
    markedAt = now;
  }

  function figureOf({ count, countAtEarlierMark }: Level): TopicFigure {
    const passedMs = clock.monotonic() - earlierMarkedAt;
    return { count, perSecond: passedMs > 0 ? ((count - countAtEarlierMark) * 1000) / passedMs : 0 };
  }

  return {
    note(events) {
      for (const { topic } of events) for (const level of paths.get(topic) ?? pathOf(topic)) level.count += 1;
    },
    of(topic) {
      mark();
      let at: Level | undefined = root;
      for (const name of topic.split("/")) at = at?.children?.get(name);
      return at ? figureOf(at) : NONE;
    },
  };
}

function createLevel(): Level {
  return { count: 0, countAtMark: 0, countAtEarlierMark: 0, children: null };
}
