import { WindowedLines } from "../../components/windowed-lines.tsx";
import { hexRowCount, toHexRow } from "../../format/hex.ts";

export function HexView({ bytes }: { readonly bytes: Uint8Array }) {
  return (
    <WindowedLines
      className="hex"
      label="Bytes"
      count={hexRowCount(bytes)}
      renderLine={(row) => {
        const { offset, hex, text } = toHexRow(bytes, row);
        return (
          <>
            <span className="hex__offset">{offset}</span>
            <span className="hex__bytes">{hex}</span>
            <span className="hex__text">{text}</span>
          </>
        );
      }}
    />
  );
}
