import { useMemo } from "react";
import { WindowedLines } from "../../components/windowed-lines.tsx";
import { splitLines } from "../../format/text-lines.ts";

/** Plain lines with their numbers, for text of any size: a huge line is shown in pieces. */
export function LinesView({ text, label }: { readonly text: string; readonly label: string }) {
  const lines = useMemo(() => splitLines(text), [text]);
  return (
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
  );
}
