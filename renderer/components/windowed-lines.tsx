import { useRef, type ReactNode } from "react";
import { useRowWindow } from "./use-row-window.ts";

interface WindowedLinesProps {
  readonly label: string;
  readonly count: number;
  readonly renderLine: (line: number) => ReactNode;
  readonly className?: string;
}

export const LINE_HEIGHT = 20;

/** Any number of lines of one height, of which only those in sight exist. Scrolled by keyboard once it has the focus. */
export function WindowedLines({ label, count, renderLine, className = "" }: WindowedLinesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRowWindow(scroller, count, LINE_HEIGHT);
  const lines: ReactNode[] = [];
  for (let line = rows.first; line < rows.end; line += 1)
    lines.push(
      <div key={line} className="lines__line" style={{ transform: `translateY(${rows.topOf(line)}px)` }}>
        {renderLine(line)}
      </div>,
    );
  return (
    // What scrolls must be reachable by keyboard (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={scroller} className={`lines ${className}`} role="region" aria-label={label} tabIndex={0}>
      <div className="lines__all" style={{ height: rows.height }}>
        {lines}
      </div>
    </div>
  );
}
