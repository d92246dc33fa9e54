/**
 * Captured text is hostile: escape sequences would drive the terminal, and direction marks would make it read as
 * something else. C0, DEL and C1 controls, direction overrides and isolates, line separators, lone surrogates.
 */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;
const UNSAFE_BUT_LAYOUT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

function toEscape(char: string): string {
  const code = char.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** For one line of a terminal: everything unsafe becomes a visible escape such as `\x1b`. */
export function toSafeLine(text: string): string {
  return text.replace(UNSAFE, toEscape);
}

/** The same over several lines: tabs and line feeds stay. */
export function toSafeText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(UNSAFE_BUT_LAYOUT, toEscape);
}

/** JSON on one line that is as safe to look at; JSON.stringify itself leaves DEL, C1 and the direction marks raw. */
export function toJsonLine(value: unknown): string {
  return `${JSON.stringify(value).replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}
