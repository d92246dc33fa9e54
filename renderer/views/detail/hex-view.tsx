import { useRef } from "react";
import { useWidth } from "../../components/use-width.ts";
import { WindowedLines } from "../../components/windowed-lines.tsx";
import { hexRowCount, toHexRow } from "../../format/hex.ts";

/** What sixteen bytes with offset and text take. */
const WIDE = 600;

export function HexView({ bytes }: { readonly bytes: Uint8Array }) {
  const frame = useRef<HTMLDivElement>(null);
  const columns = useWidth(frame) >= WIDE ? 16 : 8;
  return (
    <div ref={frame} className="lines-frame">
      <WindowedLines
        className="hex"
        label="Bytes"
        count={hexRowCount(bytes, columns)}
        renderLine={(row) => {
          const { offset, hex, text } = toHexRow(bytes, row, columns);
          return (
            <>
              <span className="hex__offset">{offset}</span>
              <span className="hex__bytes">{hex}</span>
              <span className="hex__text">{text}</span>
            </>
          );
        }}
      />
    </div>
  );
}
