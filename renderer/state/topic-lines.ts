import { MAX_LINES, type TopicLine } from "../../main/contract/topic-view.ts";
import type { Connection } from "../link/connection.ts";
import { createCell, type Readable } from "./cell.ts";

/** A line of the tree as it was last heard of. */
export interface LiveLine extends TopicLine {
  /** It got something between the last two times it was asked about. */
  readonly changed: boolean;
  /** Its rates since it came into sight, oldest first, about one a second. */
  readonly rates: readonly number[];
}

/** The figures of what is in sight, asked for about once a second; nothing is asked while nobody looks. */
export interface TopicLineStore {
  readonly all: Readable<ReadonlyMap<string, LiveLine>>;
  /** From now on these are in sight. */
  watch(topics: readonly string[]): void;
  /** Whether or not it is in sight, this one is wanted; null for none. */
  alsoWatch(topic: string | null): void;
  watched(): readonly string[];
  /** Answers how to stop. */
  start(): () => void;
}

const EVERY_MS = 1000;
/** What came into sight is asked for soon, once scrolling has paused. */
const SOON_MS = 80;
const VALUES = 40;
const RATES = 40;
const MAX_KEPT = 2000;

/** `onAsked` hears, after each time, whether the log has topics it had not before. */
export function createTopicLines(connection: Connection, onAsked: (hasNew: boolean) => void): TopicLineStore {
  const all = createCell<ReadonlyMap<string, LiveLine>>(new Map());
  let inSight: readonly string[] = [];
  let also: string | null = null;
  let known: number | null = null;
  let asking = false;
  let stopped = true;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const watched = (): readonly string[] => {
    const topics = inSight.slice(0, MAX_LINES - 1);
    return also === null || topics.includes(also) ? topics : [...topics, also];
  };
  const later = (ms: number): void => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void ask(), ms);
  };

  const ask = async (): Promise<void> => {
    if (asking || stopped) return;
    const topics = watched();
    if (document.hidden || connection.state.get().state !== "open") return later(EVERY_MS);
    asking = true;
    try {
      const { nodes, known: now } = await connection.call("topics.nodes", { topics, recent: VALUES });
      if (stopped) return;
      const hasNew = known !== null && now !== known;
      known = now;
      all.set(merge(all.get(), nodes, new Set(topics)));
      onAsked(hasNew);
    } catch {
      // The page says that the hub is gone; it is asked again when it is back.
    } finally {
      asking = false;
      later(watched().every((topic) => all.get().has(topic)) ? EVERY_MS : SOON_MS);
    }
  };

  return {
    all,
    watched,
    watch: (topics) => {
      if (topics.length === inSight.length && topics.every((topic, at) => topic === inSight[at])) return;
      inSight = topics;
      if (!asking && topics.some((topic) => !all.get().has(topic))) later(SOON_MS);
    },
    alsoWatch: (topic) => {
      also = topic;
      if (!asking && topic !== null && !all.get().has(topic)) later(0);
    },
    start: () => {
      stopped = false;
      later(0);
      return () => {
        stopped = true;
        clearTimeout(timer);
      };
    },
  };
}

function merge(
  before: ReadonlyMap<string, LiveLine>,
  nodes: readonly TopicLine[],
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, LiveLine> {
  const lines = new Map(before.size > MAX_KEPT ? [...before].filter(([topic]) => wanted.has(topic)) : before);
  for (const node of nodes) {
    const known = before.get(node.topic);
    const rates = [...(known?.rates ?? []), node.perSecond].slice(-RATES);
    lines.set(node.topic, { ...node, changed: known !== undefined && known.lastSeq !== node.lastSeq, rates });
  }
  return lines;
}
