import { fieldOf, splitTerms } from "../format/filter-terms.ts";
import { parseFilter } from "../../main/contract/filter.ts";
import type { Connection } from "../link/connection.ts";
import { createCell, type Readable } from "./cell.ts";
import type { EventFeed } from "./event-feed.ts";
import { createStored } from "./stored.ts";
import { BUCKETS, addTimes, advanceTo, bucketsUpTo, emptyCounts, type TimeBuckets } from "./time-buckets.ts";

export const RANGES = { "5 min": 300_000, "1 h": 3_600_000, "24 h": 86_400_000 } as const;
export type RangeName = keyof typeof RANGES;

export interface TimelineView {
  readonly range: RangeName;
  /** The filter names an absolute stretch of time: the chart shows that and stands still. */
  readonly zoomed: boolean;
  readonly buckets: TimeBuckets;
  /** Buckets before this moment were not counted: the filter has too much to look through. */
  readonly countedFrom: number;
  readonly status: "loading" | "ready" | "failed";
}

export interface TimelineStore {
  readonly view: Readable<TimelineView>;
  setRange(range: RangeName): void;
  setFilter(filter: string): void;
  stop(): void;
}

const TICK_MS = 1000;

export function createTimeline(connection: Connection, feed: EventFeed, now: () => number): TimelineStore {
  const stored = createStored<RangeName>("timeline-range", "5 min", (value) =>
    typeof value === "string" && value in RANGES ? (value as RangeName) : null,
  );
  let filter = "";
  let round = 0;
  const view = createCell<TimelineView>({
    range: stored.get(),
    zoomed: false,
    buckets: bucketsUpTo(now(), RANGES[stored.get()]),
    countedFrom: 0,
    status: "loading",
  });
  const change = (part: Partial<TimelineView>): void => view.set({ ...view.get(), ...part });

  const load = async (): Promise<void> => {
    round += 1;
    const mine = round;
    const zoom = zoomOf(filter, now());
    const span = zoom ? { ...zoom, counts: emptyCounts() } : bucketsUpTo(now(), RANGES[view.get().range]);
    try {
      const { counts, countedFrom } = await connection.call("events.timeline", {
        from: Math.floor(span.from),
        to: Math.ceil(span.to),
        buckets: BUCKETS,
        filter,
      });
      if (mine !== round) return;
      const buckets = { from: span.from, to: span.to, counts };
      change({ buckets: zoom ? buckets : advanceTo(buckets, now()), zoomed: zoom !== null, countedFrom, status: "ready" });
    } catch {
      // The list, which asked with the same filter, says why.
      if (mine === round) change({ status: "failed" });
    }
  };

  /** A reader that falls behind again and again asks one question at a time. */
  let recounting: Promise<void> | null = null;
  const recount = (): void => {
    recounting ??= load().finally(() => (recounting = null));
  };

  const stops = [
    connection.state.subscribe(() => {
      if (connection.state.get().state === "open") void load();
    }),
    feed.onArrived((events) => {
      if (!events) return recount();
      const { buckets, zoomed, status } = view.get();
      if (status !== "ready") return;
      const current = zoomed ? buckets : advanceTo(buckets, events.at(-1)!.time);
      change({
        buckets: addTimes(
          current,
          events.map((event) => event.time),
        ),
      });
    }),
  ];
  const ticking = setInterval(() => {
    const { buckets, zoomed, status } = view.get();
    if (zoomed || status !== "ready") return;
    const moved = advanceTo(buckets, now());
    if (moved !== buckets) change({ buckets: moved });
  }, TICK_MS);

  return {
    view,
    setRange: (range) => {
      stored.set(range);
      change({ range, buckets: bucketsUpTo(now(), RANGES[range]), status: "loading" });
      void load();
    },
    setFilter: (next) => {
      if (next === filter) return;
      filter = next;
      void load();
    },
    stop: () => {
      clearInterval(ticking);
      for (const stop of stops) stop();
    },
  };
}

/** The stretch a filter names with absolute `after:` and `before:`; null when it names none. */
export function zoomOf(filter: string, now: number): { readonly from: number; readonly to: number } | null {
  const terms = splitTerms(filter);
  const at = (field: "after" | "before"): number | null => {
    const term = terms.find((one) => fieldOf(one) === field && !one.startsWith("-") && !one.startsWith(`${field}:-`));
    const parsed = term === undefined ? null : parseFilter(term, now);
    const [first] = parsed?.ok ? parsed.value : [];
    return first && "at" in first ? first.at : null;
  };
  const [from, to] = [at("after"), at("before")];
  return from !== null && to !== null && from < to ? { from, to } : null;
}
