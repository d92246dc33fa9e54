import { type Result, accept, refuse } from "../contract/errors.ts";
import type { WebhookRequest } from "./provider.ts";
import { findHeader } from "./read-header.ts";

/** What is signed, in pieces: bodies are long, and joining would copy them. */
export type Content = readonly (string | Uint8Array)[];

/** What a signature's own headers add to a request. */
export interface SignedParts {
  readonly timestamp: string;
  readonly id: string;
}

export interface SignatureTemplate {
  readonly usesUrl: boolean;
  readonly usesBody: boolean;
  toContent(request: WebhookRequest, parts: SignedParts): Content;
}

type Piece = (request: WebhookRequest, parts: SignedParts) => string | Uint8Array;

/** Header lines were read as latin1 (RFC 9110 §5.5); what was signed is their bytes. */
const headerBytes = (value: string): string | Uint8Array => (/^[\0-\x7f]*$/.test(value) ? value : Buffer.from(value, "latin1"));

const PIECES: Readonly<Record<string, Piece>> = {
  body: ({ body }) => body,
  timestamp: (_, { timestamp }) => headerBytes(timestamp),
  id: (_, { id }) => headerBytes(id),
  method: ({ method }) => method,
  url: ({ url }) => url ?? "",
  path: ({ url }) => splitUrl(url).path,
  query: ({ url }) => splitUrl(url).query,
};
const URL_PIECES = new Set(["url", "path", "query"]);

/** `v0:{timestamp}:{body}` and the like. What is in braces and not known is refused, so that a typing error does not sign its own name. */
export function parseTemplate(template: string): Result<SignatureTemplate> {
  const pieces: (string | Piece)[] = [];
  const names: string[] = [];
  for (const [index, text] of template.split(/\{([^{}]*)\}/).entries()) {
    if (index % 2 === 0) {
      if (text !== "") pieces.push(text);
      continue;
    }
    const header = /^header:([!#$%&'*+.^_`|~0-9A-Za-z-]+)$/.exec(text)?.[1];
    const piece: Piece | undefined = header
      ? ({ headers }) => headerBytes(findHeader(headers, header) ?? "")
      : Object.hasOwn(PIECES, text)
        ? PIECES[text]
        : undefined;
    if (!piece) {
      const known = Object.keys(PIECES).map((name) => `{${name}}`);
      return refuse("PARAMS_INVALID", `"{${text}}" stands for nothing. There are ${known.join(" ")} and {header:Name}.`);
    }
    names.push(text);
    pieces.push(piece);
  }
  if (names.length === 0)
    return refuse("PARAMS_INVALID", `The template "${template}" takes nothing from the request; it needs {body} at least.`);
  return accept({
    usesUrl: names.some((name) => URL_PIECES.has(name)),
    usesBody: names.includes("body"),
    toContent: (request, parts) => pieces.map((piece) => (typeof piece === "string" ? piece : piece(request, parts))),
  });
}

/** Path and query as they were written: parsing a URL would write them anew. */
function splitUrl(url: string | null): { path: string; query: string } {
  const target = (url ?? "").replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").replace(/#.*$/s, "");
  const mark = target.indexOf("?");
  return mark < 0 ? { path: target || "/", query: "" } : { path: target.slice(0, mark) || "/", query: target.slice(mark + 1) };
}
