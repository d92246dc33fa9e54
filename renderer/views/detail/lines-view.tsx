import { useMemo, useRef } from "react";
import { useWidth } from "../../components/use-width.ts";
import { WindowedLines } from "../../components/windowed-lines.tsx";
import { splitLines } from "../../format/text-lines.ts";

/** Of JetBrains Mono at 12 px, and what numbers, margins and the scroll bar take of the width. */
const CHAR_WIDTH = 7.2;
const MARGIN = 84;

/** Plain lines with their numbers, broken at the width there is, for text of any size. */
export function LinesView({ text, label }: { readonly text: string; readonly label: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const columns = Math.max(20, Math.floor((useWidth(frame) - MARGIN) / CHAR_WIDTH));
  const lines = useMemo(() => splitLines(text, columns), [text, columns]);
  return (
    <div ref={frame} className="lines-frame">
      <WindowedLines
        className="numbered"
        label={label}
        count={lines.count}
        renderLine={(at) => {
          const line = lines.line(at);
          return (
            <>
              <span className="numbered__number">{line.number ?? "↳"}</span>
              <span className="numbered__text">{line.text}</span>
            </>
          );
        }}
      />
    </div>
  );
}
