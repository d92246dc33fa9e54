import type { Clock } from "../platform/clock.ts";
import { formatCount } from "./format-units.ts";
import type { Output } from "./io.ts";

const REDRAW_MS = 100;
const CLEAR_LINE = "\r\u001b[K";

export interface ProgressBar {
  update(done: number, total: number): void;
  /** Takes the bar away. */
  end(): void;
}

/** `what  ████░░░░  40%  400,000 of 1,000,000`, on a terminal only; elsewhere nothing is written. */
export function createProgressBar(output: Output, what: string, clock: Pick<Clock, "monotonic">): ProgressBar {
  let drawnAt = -Infinity;
  return {
    update(done, total) {
      const now = clock.monotonic();
      if (!output.isTTY || (now - drawnAt < REDRAW_MS && done < total)) return;
      drawnAt = now;
      const share = total === 0 ? 1 : Math.min(1, done / total);
      const figures = `${String(Math.floor(share * 100)).padStart(3)}%  ${formatCount(done)} of ${formatCount(total)}`;
      const width = Math.max(10, Math.min(40, output.columns - what.length - figures.length - 6));
      const full = Math.round(width * share);
      void output.write(`${CLEAR_LINE}${what}  ${"█".repeat(full)}${"░".repeat(width - full)}  ${figures}`);
    },
    end() {
      if (drawnAt > -Infinity) void output.write(CLEAR_LINE);
    },
  };
}
