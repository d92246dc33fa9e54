/** A webhook as it is made again from what smee says of it. */
export interface RemadeRequest {
  /** With its question mark, or empty. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** About the connection, or about bytes that are not these any more. */
const NOT_KEPT = new Set([
  "host",
  "connection",
  "content-length",
  "content-encoding",
  "transfer-encoding",
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "upgrade",
]);

/** smee's own, beside the request's headers. */
const NOT_HEADERS = new Set(["body", "query", "timestamp"]);

/** RFC 9110 §5.6.2 and §5.5, as Node sends them. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** Says on the event that its bytes are not the sender's. */
const REMADE = { "x-signalbox-remade": "by smee: the body is its JSON written anew" } as const;

/** `message` is smee's JSON: the headers by name, with `body` (parsed), `query` and `timestamp`. Null when it is something else. */
export function remakeRequest(message: unknown): RemadeRequest | null {
  if (typeof message !== "object" || message === null || Array.isArray(message)) return null;
  const { body, query } = message as Readonly<Record<string, unknown>>;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message)) {
    if (NOT_HEADERS.has(name) || NOT_KEPT.has(name.toLowerCase()) || typeof value !== "string") continue;
    if (HEADER_NAME.test(name) && HEADER_VALUE.test(value)) headers[name.toLowerCase()] = value;
  }
  const form = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ? toForm(body) : null;
  if (form === null && typeof body !== "string") headers["content-type"] ??= "application/json";
  const text = typeof body === "string" ? body : (form ?? (body === undefined ? "" : JSON.stringify(body)));
  const search = toForm(query) ?? "";
  return { search: search === "" ? "" : `?${search}`, headers: { ...headers, ...REMADE }, body: text };
}

/** Null unless it is a flat object of texts. */
function toForm(fields: unknown): string | null {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return null;
  const pairs = Object.entries(fields);
  return pairs.every((pair): pair is [string, string] => typeof pair[1] === "string") ? new URLSearchParams(pairs).toString() : null;
}
