import type { AckFigures } from "../contract/source.ts";

/** Bounds a quarter apart from 0.25 ms on to more than two minutes: what is read from them is off by an eighth at most. */
const FIRST_BOUND_MS = 0.25;
const STEP = 1.25;
const BUCKETS = 61;
/** Of how many of the newest events it is known how long their senders waited. */
const REMEMBERED = 8192;

/** How long senders of webhooks waited for their answers: per source since the start, and of the newest events. */
export interface AckTimes {
  /** `budgetMs`: how long the provider waits. */
  note(source: string, seq: number, ms: number, budgetMs: number | null): void;
  /** Null when nothing was answered yet. */
  of(source: string): Omit<AckFigures, "budgetMs"> | null;
  /** Null when it is not known, or not any more. */
  ofEvent(seq: number): number | null;
  forget(source: string): void;
}

interface Histogram {
  readonly counts: Uint32Array;
  count: number;
  maxMs: number;
  late: number;
}

export function createAckTimes(): AckTimes {
  const sources = new Map<string, Histogram>();
  const seqs = new Float64Array(REMEMBERED);
  const times = new Float32Array(REMEMBERED);

  return {
    note(source, seq, ms, budgetMs) {
      let histogram = sources.get(source);
      if (!histogram) sources.set(source, (histogram = { counts: new Uint32Array(BUCKETS), count: 0, maxMs: 0, late: 0 }));
      histogram.counts[bucketOf(ms)]! += 1;
      histogram.count += 1;
      if (ms > histogram.maxMs) histogram.maxMs = ms;
      if (budgetMs !== null && ms > budgetMs) histogram.late += 1;
      const place = seq % REMEMBERED;
      seqs[place] = seq;
      times[place] = ms;
    },
    of(source) {
      const histogram = sources.get(source);
      if (!histogram) return null;
      const { count, maxMs, late } = histogram;
      return { count, p50Ms: quantile(histogram, 0.5), p99Ms: quantile(histogram, 0.99), maxMs: round(maxMs), late };
    },
    ofEvent(seq) {
      const place = seq % REMEMBERED;
      return seqs[place] === seq ? round(times[place]!) : null;
    },
    forget: (source) => void sources.delete(source),
  };
}

function bucketOf(ms: number): number {
  if (ms <= FIRST_BOUND_MS) return 0;
  return Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / FIRST_BOUND_MS) / Math.log(STEP)));
}

/** The upper bound of the bucket it falls into, but no more than there ever was. */
function quantile({ counts, count, maxMs }: Histogram, share: number): number {
  let left = Math.ceil(count * share);
  let bucket = 0;
  while (bucket < BUCKETS - 1 && (left -= counts[bucket]!) > 0) bucket += 1;
  return round(Math.min(maxMs, FIRST_BOUND_MS * STEP ** bucket));
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
