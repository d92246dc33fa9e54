import type { HistoryPoint } from "../../main/contract/topic-view.ts";
import { bucketsOf, replacePoints, toChartSpan, type ChartSpan } from "../format/history-series.ts";
import { toTopicTerm } from "../format/topic-term.ts";
import { toRefusal, type Connection } from "../link/connection.ts";
import { chartFields } from "./chart-fields.ts";
import { createCell, type Readable } from "./cell.ts";
import { createStored } from "./stored.ts";

export const CHART_RANGES = { "5 min": 300_000, "1 h": 3_600_000, "24 h": 86_400_000, All: null } as const;
export type ChartRange = keyof typeof CHART_RANGES;

export interface TopicChartView {
  readonly range: ChartRange;
  /** A stretch that was zoomed into; it stands still. */
  readonly zoomed: boolean;
  readonly span: ChartSpan;
  /** Numeric fields of the newest event, as JSON pointers; null until they are known. */
  readonly fields: readonly string[] | null;
  /** Those that are drawn. */
  readonly chosen: readonly string[];
  readonly points: ReadonlyMap<string, readonly HistoryPoint[]>;
  readonly status: "loading" | "ready" | "failed";
  readonly reason: string | null;
  /** Nothing is known of the time before; the beginning of the span when all is. */
  readonly knownFrom: number;
}

/** The values of a topic's numeric fields over time: a stretch up to now that moves on, or one that was zoomed into. */
export interface TopicChart {
  readonly view: Readable<TopicChartView>;
  readonly setRange: (range: ChartRange) => void;
  /** Shows this stretch alone, in finer buckets. Epoch ms. */
  zoom(from: number, to: number): void;
  choose(fields: readonly string[]): void;
  /** The seq of the newest event on the topic. */
  noteNew(seq: number): void;
  /** Somebody looks. Answers how to stop. */
  start(): () => void;
}

const TICK_MS = 1000;
/** Questions that are asked to get one field whole: each looks through as much as the hub reads in a quarter of a second. */
const MAX_ROUNDS = 40;
const MAX_BUCKETS = 480;
const LEAST_ZOOM_MS = 20;
export const MAX_CHOSEN = 4;

const storedRange = createStored<ChartRange>("chart-range", "1 h", (value) =>
  typeof value === "string" && value in CHART_RANGES ? (value as ChartRange) : null,
);

export function createTopicChart(connection: Connection, topic: string, now: () => number): TopicChart {
  const range = storedRange.get();
  const view = createCell<TopicChartView>({
    range,
    zoomed: false,
    span: spanUpTo(now(), CHART_RANGES[range] ?? CHART_RANGES["24 h"]),
    fields: null,
    chosen: chartFields.of(topic) ?? [],
    points: new Map(),
    status: "loading",
    reason: null,
    knownFrom: 0,
  });
  const change = (part: Partial<TopicChartView>): void => view.set({ ...view.get(), ...part });
  /** Answers to questions about another stretch are thrown away. */
  let round = 0;
  let newestSeq: number | null = null;
  let hasNew = false;
  let readingNew = false;

  const put = (field: string, from: number, to: number, points: readonly HistoryPoint[]): void => {
    const all = new Map(view.get().points);
    all.set(field, replacePoints(all.get(field) ?? [], from, to, points));
    change({ points: all });
  };

  /** Asks for one field (null: the first there is) between two bounds of buckets, and again for what the hub did not come to. */
  const read = async (field: string | null, from: number, until: number, mine: number): Promise<void> => {
    const { bucketMs } = view.get().span;
    let to = until;
    for (let rounds = 0; rounds < MAX_ROUNDS && to > from; rounds += 1) {
      const history = await connection.call("topics.history", {
        topic,
        from,
        to,
        buckets: Math.round((to - from) / bucketMs),
        ...(field === null ? {} : { field }),
      });
      if (mine !== round) return;
      change({ fields: history.fields, ...(field === null && history.field !== null && { chosen: [history.field] }) });
      if (history.field === null) return;
      const knownFrom = history.complete ? from : Math.ceil(history.knownFrom / bucketMs) * bucketMs;
      put(
        history.field,
        Math.min(knownFrom, to),
        to,
        history.points.filter(({ at }) => at >= knownFrom),
      );
      change({ knownFrom, status: "ready", reason: null });
      if (history.complete || knownFrom >= to) return;
      field = history.field;
      to = knownFrom;
    }
  };

  const load = async (): Promise<void> => {
    round += 1;
    const mine = round;
    try {
      const { range, zoomed } = view.get();
      if (!zoomed && CHART_RANGES[range] === null) {
        const first = await connection.call("events.query", { after: 0, limit: 1, filter: `${toTopicTerm(topic)} state:accepted` });
        if (mine !== round) return;
        change({ span: toChartSpan(first.events[0]?.time ?? now() - CHART_RANGES["1 h"], now()) });
      }
      const { from, to } = view.get().span;
      change({ points: new Map(), knownFrom: from });
      const { chosen } = view.get();
      for (const field of chosen.length > 0 ? chosen : [null]) {
        await read(field, from, to, mine);
        if (mine !== round) return;
      }
      // Those that were chosen once may be no more.
      const { fields } = view.get();
      if (fields?.[0] !== undefined && chosen.length > 0 && !chosen.some((field) => fields.includes(field))) {
        change({ chosen: [fields[0]] });
        return await load();
      }
      change({ status: "ready" });
    } catch (error) {
      const { code, message } = toRefusal(error);
      if (mine === round && code !== "HUB_UNREACHABLE") change({ status: "failed", reason: message });
    }
  };

  /** The newest buckets again: what came since belongs to them. */
  const readNew = async (): Promise<void> => {
    const { chosen, span, zoomed, status } = view.get();
    if (zoomed || readingNew || status !== "ready" || chosen.length === 0) return;
    readingNew = true;
    hasNew = false;
    const mine = round;
    try {
      for (const field of chosen) {
        const last = view.get().points.get(field)?.at(-1)?.at ?? span.from;
        const from = Math.max(span.from, last);
        const { points } = await connection.call("topics.history", {
          topic,
          from,
          to: span.to,
          buckets: Math.round((span.to - from) / span.bucketMs),
          field,
        });
        if (mine !== round) return;
        put(field, from, span.to, points);
      }
    } catch {
      // With the next event, or the next connection.
    } finally {
      readingNew = false;
    }
  };

  const tick = (): void => {
    const { span, zoomed, range, points, fields } = view.get();
    if (zoomed || document.hidden) return;
    if (now() >= span.to) {
      const length = CHART_RANGES[range];
      const to = (Math.floor(now() / span.bucketMs) + 1) * span.bucketMs;
      const from = length === null ? span.from : to - (span.to - span.from);
      if (bucketsOf({ ...span, from, to }) > MAX_BUCKETS) return void load();
      const kept = new Map(
        [...points].map(([field, all]) => [field, all[0] && all[0].at < from ? all.filter(({ at }) => at >= from) : all]),
      );
      change({ span: { ...span, from, to }, points: kept });
    }
    if (!hasNew) return;
    if (fields === null || fields.length === 0) {
      hasNew = false;
      void load();
    } else void readNew();
  };

  return {
    view,
    setRange: (next) => {
      storedRange.set(next);
      change({ range: next, zoomed: false, span: spanUpTo(now(), CHART_RANGES[next] ?? CHART_RANGES["24 h"]), status: "loading" });
      void load();
    },
    zoom: (from, to) => {
      if (to - from < LEAST_ZOOM_MS) return;
      change({ zoomed: true, span: toChartSpan(from, to - 1), status: "loading" });
      void load();
    },
    choose: (fields) => {
      const chosen = fields.slice(0, MAX_CHOSEN);
      if (chosen.length === 0) return;
      chartFields.set(topic, chosen);
      change({ chosen });
      void load();
    },
    noteNew: (seq) => {
      hasNew ||= newestSeq !== null && newestSeq !== seq;
      newestSeq = seq;
    },
    start: () => {
      const stopWatching = connection.state.subscribe(() => {
        if (connection.state.get().state === "open") void load();
      });
      const ticking = setInterval(tick, TICK_MS);
      void load();
      return () => {
        round += 1;
        clearInterval(ticking);
        stopWatching();
      };
    },
  };
}

/** A span of about this length whose last bucket holds `now`. */
function spanUpTo(now: number, lengthMs: number): ChartSpan {
  const { to, bucketMs } = toChartSpan(now - lengthMs, now);
  return { from: to - Math.ceil(lengthMs / bucketMs) * bucketMs, to, bucketMs };
}
