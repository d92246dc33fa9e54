export const HEX_COLUMNS = 16;

export interface HexRow {
  readonly offset: string;
  /** Two groups of eight bytes. */
  readonly hex: string;
  readonly text: string;
}

export function hexRowCount(bytes: Uint8Array): number {
  return Math.ceil(bytes.length / HEX_COLUMNS);
}

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** One line of a hex dump: offset, sixteen bytes, and their printable ASCII with a dot for everything else. */
export function toHexRow(bytes: Uint8Array, row: number): HexRow {
  const start = row * HEX_COLUMNS;
  const cells: string[] = [];
  let text = "";
  for (let column = 0; column < HEX_COLUMNS; column += 1) {
    const byte = bytes[start + column];
    if (column === HEX_COLUMNS / 2) cells.push("");
    cells.push(byte === undefined ? "  " : PAIRS[byte]!);
    if (byte !== undefined) text += byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : ".";
  }
  return { offset: start.toString(16).padStart(8, "0"), hex: cells.join(" "), text };
}
