import { EVENT_STATES, PROTOCOLS, type EventState, type Protocol } from "../contract/event.ts";
import type { HubCounters, LatencyHistogram } from "./ports.ts";

const ACK_BOUNDS_MS = [0.5, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 5000];

export function createCounters(): HubCounters {
  const byState = (): Record<EventState, number> =>
    Object.fromEntries(EVENT_STATES.map((state) => [state, 0])) as Record<EventState, number>;
  return {
    events: Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, byState()])) as Record<Protocol, Record<EventState, number>>,
    refused: {},
    bodyBytes: 0,
    connections: 0,
    receivingBytes: 0,
    ack: { boundsMs: ACK_BOUNDS_MS, counts: Array.from({ length: ACK_BOUNDS_MS.length + 1 }, () => 0), sumMs: 0, count: 0 },
  };
}

export function observe(histogram: LatencyHistogram, ms: number): void {
  let bucket = 0;
  while (bucket < histogram.boundsMs.length && ms > (histogram.boundsMs[bucket] ?? 0)) bucket += 1;
  histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
  histogram.sumMs += ms;
  histogram.count += 1;
}
