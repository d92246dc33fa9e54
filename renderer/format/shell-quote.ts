/**
 * Quotes one argument for bash and zsh so that it can be pasted into a terminal. What only needs quoting is put in single
 * quotes; anything with control characters, bidirectional overrides or bytes (0x80 and up, given as latin1 with `bytes`)
 * becomes `$'…'` with escapes: pasted raw, a terminal would act on them instead of passing them on.
 */
export function shellQuote(text: string, bytes = false): string {
  const special = bytes ? /[^\n\x20-\x7e]/ : UNSAFE;
  if (special.test(text)) return `$'${escapeBytes(bytes ? latin1Bytes(text) : new TextEncoder().encode(text))}'`;
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

function escapeBytes(bytes: Uint8Array): string {
  let out = "";
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    if (char === "\n") out += "\\n";
    else if (char === "\t") out += "\\t";
    else if (char === "\r") out += "\\r";
    // `!` would be history expansion in an interactive shell.
    else if (char === "'" || char === "\\" || char === "!" || byte < 0x20 || byte > 0x7e) out += `\\x${byte.toString(16).padStart(2, "0")}`;
    else out += char;
  }
  return out;
}

function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);
}
