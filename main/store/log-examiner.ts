import type { Database } from "better-sqlite3";
import { countReadable, type Readable } from "./read-damaged.ts";

/** Reads the whole log through, a little at a time. */
export interface LogExaminer {
  /** Begins anew. `onFound` is given it all. */
  begin(onFound: (found: Readable) => void): void;
  /** Reads a little further. Says whether there was anything to do. */
  step(): boolean;
}

export function createLogExaminer(log: Database): LogExaminer {
  let under: { readonly steps: Generator<void, Readable>; readonly onFound: (found: Readable) => void } | null = null;
  return {
    begin(onFound) {
      under = { steps: countReadable(log), onFound };
    },
    step() {
      if (under === null) return false;
      const { onFound, steps } = under;
      const step = steps.next();
      if (!step.done) return true;
      under = null;
      onFound(step.value);
      return true;
    },
  };
}
