/** A text as rows of at most so many characters, found without copying it: a line longer than that goes on in further rows. */
export interface TextLines {
  readonly count: number;
  line(index: number): { readonly text: string; /** 1-based; null for a further row of a long line. */ readonly number: number | null };
}

export function splitLines(text: string, columns: number): TextLines {
  const starts: number[] = [];
  const numbers: number[] = [];
  let at = 0;
  for (let number = 1; at <= text.length; number += 1) {
    const newline = text.indexOf("\n", at);
    const end = newline === -1 ? text.length : newline;
    starts.push(at);
    numbers.push(number);
    for (let piece = nextPiece(text, at, columns); piece < end; piece = nextPiece(text, piece, columns)) {
      starts.push(piece);
      numbers.push(0);
    }
    at = end + 1;
  }
  return {
    count: starts.length,
    line: (index) => ({
      text: text.slice(starts[index] ?? text.length, starts[index + 1] ?? text.length + 1).replace(/\r?\n$/, ""),
      number: numbers[index] || null,
    }),
  };
}

/** A pair of surrogates is one character and stays together. */
function nextPiece(text: string, at: number, columns: number): number {
  const next = at + columns;
  const unit = text.charCodeAt(next);
  return unit >= 0xdc00 && unit <= 0xdfff ? next + 1 : next;
}

export function longestLine(text: string, giveUpAt: number): number {
  let longest = 0;
  for (let at = 0; at <= text.length && longest < giveUpAt;) {
    const newline = text.indexOf("\n", at);
    const end = newline === -1 ? text.length : newline;
    longest = Math.max(longest, end - at);
    at = end + 1;
  }
  return longest;
}
