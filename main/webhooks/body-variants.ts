/** A body as it may have been before something on its way rewrote it, and what that something did. */
export interface BodyVariant {
  readonly change: string;
  readonly body: Uint8Array;
}

/** Each variant costs as much as a verification. */
const MAX_BYTES = 64 * 1024;

/**
 * What proxies, frameworks and editors do to bodies, undone. A signature that fits one of these proves that the secret is right and the
 * body is not as it was sent.
 */
export function* bodyVariants(body: Uint8Array): Generator<BodyVariant> {
  if (body.length === 0 || body.length > MAX_BYTES) return;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const text = bytes.toString("latin1"); // reversible, whatever the bytes are
  const seen = new Set([text]);
  for (const [change, variant] of textVariants(text, bytes)) {
    if (variant === null || seen.has(variant)) continue;
    seen.add(variant);
    yield { change, body: Buffer.from(variant, "latin1") };
  }
}

function* textVariants(text: string, bytes: Buffer): Generator<readonly [change: string, variant: string | null]> {
  yield ["a line break was added at its end", withoutLineEnd(text)];
  yield ["the line break at its end was removed", `${text}\n`];
  yield ["the line break at its end was removed", `${text}\r\n`];
  yield ["line breaks became CRLF", text.replaceAll("\r\n", "\n")];
  yield ["line breaks became LF", text.replace(/\r?\n/g, "\r\n")];
  yield ["a byte order mark was added", text.replace(/^\u00ef\u00bb\u00bf/, "")];
  yield ["a byte order mark was removed", `\u00ef\u00bb\u00bf${text}`];
  if (/^\s*[[{]/.test(text)) yield* jsonVariants(text, bytes);
  else if (/^[^\s=&]+=/.test(text)) {
    yield ["%20 became +", text.replaceAll("+", "%20")];
    yield ["+ became %20", text.replaceAll("%20", "+")];
  }
}

/** Without a pattern, which would look at a long run of line breaks once for each of them. */
function withoutLineEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === "\n" || text[end - 1] === "\r")) end -= 1;
  return text.slice(0, end);
}

/**
 * JSON written anew: blanks, escaped slashes, escaped letters. Numbers stay as they are written, for 1.0 must not become 1. A string that
 * does not end goes to the end, so that no pattern is tried at each quotation mark in it.
 */
function* jsonVariants(text: string, bytes: Buffer): Generator<readonly [change: string, variant: string | null]> {
  const compact = text.replace(/"(?:[^"\\]|\\.?)*(?:"|$)|\s+/gs, (token) => (token.startsWith('"') ? token : ""));
  const spaced = compact.replace(/"(?:[^"\\]|\\.?)*(?:"|$)|[,:]/gs, (token) => (token === "," || token === ":" ? `${token} ` : token));
  const rewritten = parseJson(bytes);
  const layouts: readonly (readonly [string, string | null])[] = [
    ["the JSON was written anew", text],
    ["blanks were added to the JSON", compact],
    ["blanks were removed from the JSON", spaced],
    ["the JSON was written anew", rewritten === undefined ? null : toLatin1(JSON.stringify(rewritten))],
    ["the JSON's lines were joined", rewritten === undefined ? null : toLatin1(JSON.stringify(rewritten, null, 2))],
    ["the JSON's lines were joined", rewritten === undefined ? null : toLatin1(JSON.stringify(rewritten, null, 4))],
  ];
  for (const [change, layout] of layouts) {
    if (layout === null) continue;
    yield [change, layout];
    const slashed = layout.replace(/\\?\//g, "\\/");
    for (const [what, one] of [
      [change, layout],
      ["escaped slashes in the JSON were written plainly", slashed],
      ["slashes in the JSON were escaped", layout.replaceAll("\\/", "/")],
    ] as const) {
      yield [what, one];
      yield ["escaped letters in the JSON were written plainly", escapeLetters(one)];
      yield ["letters in the JSON were escaped", plainLetters(one)];
    }
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    return undefined; // cut off or no JSON after all
  }
}

const toLatin1 = (text: string): string => Buffer.from(text).toString("latin1");

/** `é` as `\u00e9`; null when the bytes are no UTF-8 and have no letters to escape. */
function escapeLetters(latin1: string): string | null {
  const text = Buffer.from(latin1, "latin1").toString();
  if (text.includes("\ufffd")) return null;
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function plainLetters(latin1: string): string {
  return toLatin1(
    Buffer.from(latin1, "latin1")
      .toString()
      .replace(/\\u(?!00[0-7])([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
}
