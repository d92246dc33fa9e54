import type { HeaderList } from "../../main/contract/event.ts";
import { toBase64 } from "./base64.ts";
import { shellQuote } from "./shell-quote.ts";

export interface CurlRequest {
  readonly method: string;
  readonly url: string;
  readonly httpVersion: string | null;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

/** One argument is at most 128 KiB on Linux (MAX_ARG_STRLEN); a longer body goes through standard input. */
const MAX_ARGUMENT_BYTES = 100_000;

/** Headers that curl writes itself, for this connection and this body. */
const OWN = new Set(["content-length", "transfer-encoding", "connection", "keep-alive", "expect", "te", "trailer", "upgrade"]);
/** Headers that curl adds unless told not to, as `-H 'Accept:'` does. */
const ADDED = ["User-Agent", "Accept", "Content-Type"] as const;

/** A command that sends the same request again: same method, target, headers in the same order and case, same bytes. */
export function toCurl(request: CurlRequest): string {
  const { body, headers } = request;
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const hasBody = body.length > 0 || names.has("content-length");
  const parts: string[] = [];

  const flags = ["curl"];
  if (/[[\]{}]/.test(request.url)) flags.push("--globoff");
  if (/\/\.{1,2}(?:[/?#]|$)/.test(request.url)) flags.push("--path-as-is");
  if (request.httpVersion === "1.0") flags.push("--http1.0");
  if (request.method === "HEAD") flags.push("--head");
  else if (request.method !== (hasBody ? "POST" : "GET")) flags.push("-X", shellQuote(request.method));
  parts.push(`${flags.join(" ")} ${shellQuote(request.url)}`);

  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (OWN.has(key) || (key === "host" && value === hostOf(request.url))) continue;
    parts.push(`-H ${shellQuote(value === "" ? `${name};` : `${name}: ${value}`, true)}`);
  }
  for (const name of ADDED) {
    if (names.has(name.toLowerCase()) || (name === "Content-Type" && !hasBody)) continue;
    parts.push(`-H '${name}:'`);
  }
  if (body.length > 1024) parts.push("-H 'Expect:'");
  if (!hasBody) return parts.join(" \\\n  ");

  const text = asArgument(body);
  if (text !== null) return [...parts, `--data-raw ${shellQuote(text)}`].join(" \\\n  ");
  const lines = toBase64(body).match(/.{1,76}/g) ?? [];
  return [`base64 -d <<'BODY' | ${[...parts, "--data-binary @-"].join(" \\\n  ")}`, ...lines, "BODY"].join("\n");
}

/** The body as text that can be a command's argument; null for what is binary, has a NUL, or is too long. */
function asArgument(body: Uint8Array): string | null {
  if (body.length > MAX_ARGUMENT_BYTES || body.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}

function hostOf(url: string): string {
  return /^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1] ?? "";
}
