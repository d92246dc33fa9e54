export interface HexRow {
  readonly offset: string;
  /** Pairs of digits, in groups of eight bytes. */
  readonly hex: string;
  readonly text: string;
}

export function hexRowCount(bytes: Uint8Array, columns: number): number {
  return Math.ceil(bytes.length / columns);
}

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** One line of a hex dump: offset, `columns` bytes, and their printable ASCII with a dot for everything else. */
export function toHexRow(bytes: Uint8Array, row: number, columns: number): HexRow {
  const start = row * columns;
  const cells: string[] = [];
  let text = "";
  for (let column = 0; column < columns; column += 1) {
    const byte = bytes[start + column];
    if (column > 0 && column % 8 === 0) cells.push("");
    cells.push(byte === undefined ? "  " : PAIRS[byte]!);
    if (byte !== undefined) text += byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : ".";
  }
  return { offset: start.toString(16).padStart(8, "0"), hex: cells.join(" "), text };
}
