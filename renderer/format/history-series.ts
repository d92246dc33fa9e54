import type { HistoryPoint } from "../../main/contract/topic-view.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Lengths of buckets that people read easily, in ms. */
const STEPS = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  1000,
  2000,
  5000,
  10_000,
  15_000,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
] as const;
/** A span is cut into about as many buckets. */
const BUCKETS = 300;
/** A line is broken where nothing came for so many times the usual. */
const GAP_TIMES = 6;

/** A stretch of time cut into equal buckets, whose bounds are multiples of their length. Moments are epoch ms; `to` is exclusive. */
export interface ChartSpan {
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
}

/** The span that shows all from `from` to `to`. */
export function toChartSpan(from: number, to: number): ChartSpan {
  const wanted = Math.max(1, to - from) / BUCKETS;
  const bucketMs = STEPS.find((step) => step >= wanted) ?? Math.ceil(wanted / DAY) * DAY;
  return { from: Math.floor(from / bucketMs) * bucketMs, to: (Math.floor(to / bucketMs) + 1) * bucketMs, bucketMs };
}

export function bucketsOf({ from, to, bucketMs }: ChartSpan): number {
  return Math.round((to - from) / bucketMs);
}

/** The points with those between `from` and `to` replaced by others, all in order of time. */
export function replacePoints(
  points: readonly HistoryPoint[],
  from: number,
  to: number,
  others: readonly HistoryPoint[],
): readonly HistoryPoint[] {
  return [...points.filter(({ at }) => at < from), ...others, ...points.filter(({ at }) => at >= to)];
}

export interface SeriesColumns {
  readonly at: number[];
  readonly mean: (number | null)[];
  readonly min: (number | null)[];
  readonly max: (number | null)[];
}

/** Points as columns for drawing, each in the middle of its bucket; a null parts the line where events were missing for unusually long. */
export function toColumns(points: readonly HistoryPoint[], bucketMs: number): SeriesColumns {
  const distances = points
    .slice(1)
    .map(({ at }, index) => at - points[index]!.at)
    .sort((a, b) => a - b);
  const usual = distances[Math.floor(distances.length / 2)] ?? bucketMs;
  const longest = Math.max(usual, bucketMs) * GAP_TIMES;
  const at: number[] = [];
  const mean: (number | null)[] = [];
  const min: (number | null)[] = [];
  const max: (number | null)[] = [];
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before && point.at - before.at > longest) {
      at.push(before.at + bucketMs);
      for (const column of [mean, min, max]) column.push(null);
    }
    at.push(point.at + bucketMs / 2);
    mean.push(point.avg);
    min.push(point.min);
    max.push(point.max);
  }
  return { at, mean, min, max };
}

export interface SeriesSummary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly count: number;
}

/** Over all points, weighted by how many values each stands for; null without any. */
export function summarise(points: readonly HistoryPoint[]): SeriesSummary | null {
  let [min, max, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const point of points) {
    min = Math.min(min, point.min);
    max = Math.max(max, point.max);
    sum += point.avg * point.count;
    count += point.count;
  }
  return count === 0 ? null : { min, max, mean: sum / count, count };
}

/** The point nearest to a moment, at most `within` ms away from its bucket; null when there is none. */
export function nearestPoint(points: readonly HistoryPoint[], time: number, bucketMs: number, within: number): HistoryPoint | null {
  let best: HistoryPoint | null = null;
  let bestDistance = within;
  for (const point of points) {
    const distance = Math.abs(point.at + bucketMs / 2 - time);
    if (distance > bestDistance) continue;
    best = point;
    bestDistance = distance;
  }
  return best;
}
