import type { GatewayHub, HubEvent } from "../hub/ports.ts";

/** Gathers the retained events of several filters, each once and in order of seq: a piece of the work at a time, since there may be very many topics. */
export interface RetainedGathering {
  /** Null when there is more to look at, in another turn of the loop. */
  next(): readonly HubEvent[] | null;
}

/** `upTo`: what came later comes another way. */
export function gatherRetained(hub: Pick<GatewayHub, "retained">, filters: readonly string[], upTo: number): RetainedGathering {
  const found = new Set<HubEvent>();
  const looking = filters.map((filter) => hub.retained(filter));
  return {
    next() {
      for (let first = looking[0]; first !== undefined; first = looking[0]) {
        for (let step = first.next(); step.done !== true; step = first.next()) {
          if (step.value === null) return null;
          if (step.value.seq <= upTo) found.add(step.value);
        }
        looking.shift();
      }
      return [...found].sort((a, b) => a.seq - b.seq);
    },
  };
}
