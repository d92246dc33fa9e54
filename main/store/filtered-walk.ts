import type { Filter } from "../contract/filter.ts";
import { createEventSelect, type EventSelect } from "./event-select.ts";
import type { IndexView } from "./index-view.ts";
import type { LogReader } from "./log-reader.ts";
import { planQuery, type Plan } from "./plan-query.ts";
import { walkSeqs, type SeqRange, type SeqWindow, type WalkEnd } from "./seq-walk.ts";

/** Looks at a window that lies wholly on one side of where the index has come; answers as WalkOptions.step does. */
export type LookAt = (window: SeqWindow, indexed: boolean, select: EventSelect) => number | null;

/**
 * Walks the events that may pass a filter: by the index as far as it has come, and in order over the newer ones. Index
 * and log are read in one transaction per window, so it does not matter that both go on meanwhile.
 */
export async function walkFiltered(reader: LogReader, filter: Filter, range: SeqRange, budgetMs: number, lookAt: LookAt): Promise<WalkEnd> {
  const { index } = reader;
  const startedAt = performance.now();
  const { plan, parts, select } = reader.atOnce(() => {
    const plan = planQuery(filter, reader.lookup);
    const indexedSeq = index.indexedSeq();
    const parts = toParts(range, indexedSeq, index, plan);
    return { plan, parts, select: createEventSelect(reader.db, index, plan, range, indexedSeq) };
  });
  if (plan.empty) return "end";
  const step = (window: SeqWindow): number | null =>
    reader.atOnce(() => {
      const { indexed, part } = onOneSide(window, index.indexedSeq(), range.descending);
      return lookAt(part, indexed, select);
    });
  for (const part of parts) {
    const end = await walkSeqs(part, { budgetMs: budgetMs - (performance.now() - startedAt), rest: () => reader.rest(), step });
    if (end !== "end") return end;
  }
  return "end";
}

/** The range without what the filter's times rule out among the events that are indexed, in the walk's order. */
function toParts(range: SeqRange, indexedSeq: number, index: IndexView, plan: Plan): readonly SeqRange[] {
  const bounds = index.boundsOf(plan.receivedFrom, plan.receivedBefore);
  const indexed = { ...range, lowest: Math.max(range.lowest, bounds.lowest), highest: Math.min(range.highest, indexedSeq, bounds.highest) };
  const newer = { ...range, lowest: Math.max(range.lowest, indexedSeq + 1) };
  const parts = range.descending ? [newer, indexed] : [indexed, newer];
  return parts.filter(({ lowest, highest }) => lowest <= highest);
}

/** The part of the window on one side of the index's end, at the end the walk comes from. */
function onOneSide({ lowest, highest }: SeqWindow, indexedSeq: number, descending: boolean): { indexed: boolean; part: SeqWindow } {
  const indexed = (descending ? highest : lowest) <= indexedSeq;
  if (descending) return { indexed, part: { lowest: indexed ? lowest : Math.max(lowest, indexedSeq + 1), highest } };
  return { indexed, part: { lowest, highest: indexed ? Math.min(highest, indexedSeq) : highest } };
}
