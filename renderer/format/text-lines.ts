/** Longer lines are shown in pieces of this many characters: one huge line must not freeze the view. */
export const MAX_LINE_CHARS = 2000;

/** Where the lines of a text are, without copying it: `starts[i]` to `starts[i + 1]`, line end included. */
export interface TextLines {
  readonly text: string;
  readonly count: number;
  line(index: number): { readonly text: string; /** 1-based; null for a further piece of a long line. */ readonly number: number | null };
}

export function splitLines(text: string): TextLines {
  const starts: number[] = [];
  const numbers: number[] = [];
  let at = 0;
  let number = 1;
  while (at <= text.length) {
    const newline = text.indexOf("\n", at);
    const end = newline === -1 ? text.length : newline;
    starts.push(at);
    numbers.push(number);
    for (let piece = at + MAX_LINE_CHARS; piece < end; piece += MAX_LINE_CHARS) {
      starts.push(piece);
      numbers.push(0);
    }
    if (newline === -1) break;
    at = newline + 1;
    number += 1;
  }
  return {
    text,
    count: starts.length,
    line: (index) => {
      const start = starts[index] ?? text.length;
      const next = starts[index + 1] ?? text.length + 1;
      const piece = text.slice(start, next);
      return { text: piece.replace(/\r?\n$/, ""), number: numbers[index] || null };
    },
  };
}

export function longestLine(text: string, giveUpAt: number): number {
  let longest = 0;
  for (let at = 0; at <= text.length && longest < giveUpAt; ) {
    const newline = text.indexOf("\n", at);
    const end = newline === -1 ? text.length : newline;
    longest = Math.max(longest, end - at);
    at = end + 1;
  }
  return longest;
}
