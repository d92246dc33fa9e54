/** A range of seqs, both ends included, and which end to begin at. */
export interface SeqRange {
  readonly lowest: number;
  readonly highest: number;
  readonly descending: boolean;
}

export interface SeqWindow {
  readonly lowest: number;
  readonly highest: number;
}

export interface WalkOptions {
  /** How long in all, ms. The walk stops after the step that goes beyond it. */
  readonly budgetMs: number;
  /**
   * Looks at the window, from the end the walk comes from, and says how far it got: the seq it has looked at last.
   * Null: it has found all that was wanted, and the walk ends.
   */
  step(window: SeqWindow): number | null;
  /** Lets others have their turn. */
  rest(): Promise<void>;
}

/** `found`: the step ended it · `end`: the range was walked to its end · else the seq looked at last, the budget being spent. */
export type WalkEnd = "found" | "end" | { readonly stoppedAt: number };

const FIRST_WINDOW = 4096;
const SMALLEST_WINDOW = 256;
const LARGEST_WINDOW = 2_000_000;
/** A step that took less is followed by a larger one, a step that took more by a smaller one. */
const SHORT_STEP_MS = 4;
const LONG_STEP_MS = 12;

/**
 * Walks a range of the log in windows that grow and shrink with the time they take, so that no single step holds up
 * anyone for long, however much there is to look at.
 */
export async function walkSeqs(range: SeqRange, options: WalkOptions): Promise<WalkEnd> {
  const { descending } = range;
  const startedAt = performance.now();
  let size = FIRST_WINDOW;
  let at = descending ? range.highest : range.lowest;
  while (descending ? at >= range.lowest : at <= range.highest) {
    const window = descending
      ? { lowest: Math.max(range.lowest, at - size + 1), highest: at }
      : { lowest: at, highest: Math.min(range.highest, at + size - 1) };
    const stepAt = performance.now();
    const reached = options.step(window);
    if (reached === null) return "found";
    at = descending ? reached - 1 : reached + 1;
    const now = performance.now();
    if (now - stepAt < SHORT_STEP_MS) size = Math.min(LARGEST_WINDOW, size * 4);
    else if (now - stepAt > LONG_STEP_MS) size = Math.max(SMALLEST_WINDOW, Math.floor(size / 2));
    const atEnd = descending ? at < range.lowest : at > range.highest;
    if (!atEnd && now - startedAt > options.budgetMs) return { stoppedAt: reached };
    if (!atEnd && now - stepAt > SHORT_STEP_MS) await options.rest();
  }
  return "end";
}
