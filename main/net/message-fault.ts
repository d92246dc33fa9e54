import type { IncomingMessage } from "node:http";
import { refuse, type Refusal } from "../contract/errors.ts";

/** What of a request's header lines decides how it is to be read. */
export interface MessageLines {
  /** The first Host, and how many there are. */
  readonly host: string | null;
  readonly hosts: number;
  /** All of Transfer-Encoding, joined by commas. */
  readonly transferEncoding: string | null;
}

/**
 * What Node's parser lets pass and two programs may read differently, which is how requests are smuggled. After such a
 * refusal the connection is closed: where the next request begins is not known.
 */
export function messageFault(request: Pick<IncomingMessage, "httpVersion" | "method" | "url">, lines: MessageLines): Refusal | null {
  const { httpVersion: version, method, url = "" } = request;
  if (version !== "1.1" && version !== "1.0") return versionUnknown(version);
  const { host, hosts, transferEncoding } = lines;
  if (hosts > 1 || (hosts === 0 && version === "1.1")) return malformed("An HTTP/1.1 request has exactly one Host header (RFC 9112 §3.2).");
  if (host !== null && !AUTHORITY.test(host)) return malformed("The Host header is no host (RFC 9112 §3.2).");
  // `*` is the server as a whole, which can only be asked for its options (RFC 9112 §3.2.4).
  if (url.charCodeAt(0) !== SLASH && !(url === "*" && method === "OPTIONS") && authorityOf(url) === null)
    return malformed("The request's target is neither a path nor an http URL (RFC 9112 §3.2).");
  return transferEncoding === null ? null : codingFault(version, transferEncoding);
}

/** The authority of a target in absolute form, which counts instead of Host (RFC 9112 §3.2.2); null for another target. */
export function authorityOf(target: string): string | null {
  if (target.charCodeAt(0) === SLASH) return null;
  const [, authority] = /^https?:\/\/([^/?#]+)(?:[/?]|$)/i.exec(target) ?? [];
  return authority !== undefined && AUTHORITY.test(authority) ? authority : null;
}

export function versionUnknown(version: string | null): Refusal {
  const what = version === null ? "That version of HTTP" : `HTTP/${version}`;
  return refuse("HTTP_VERSION_UNKNOWN", `${what} is not spoken here. Send HTTP/1.1.`).refusal;
}

function codingFault(version: string, transferEncoding: string): Refusal | null {
  // RFC 9112 §6.1: such a message's framing is faulty.
  if (version === "1.0") return malformed("HTTP/1.0 has no Transfer-Encoding. Send HTTP/1.1, or a Content-Length.");
  const codings = transferEncoding.split(",").map((coding) => coding.trim().toLowerCase());
  if (codings.length === 1 && codings[0] === "chunked") return null;
  // RFC 9112 §6.3: otherwise nobody can tell where the body ends.
  if (codings.at(-1) !== "chunked") return malformed("The last transfer coding of a request must be chunked (RFC 9112 §6.3).");
  const unknown = codings.find((coding) => coding !== "chunked");
  if (unknown === undefined) return malformed("chunked is applied more than once (RFC 9112 §6.1).");
  const message = `The transfer coding "${unknown.slice(0, 40)}" is not known here; only chunked is. To send a compressed body, say so in Content-Encoding.`;
  return refuse("TRANSFER_CODING_UNKNOWN", message).refusal;
}

function malformed(message: string): Refusal {
  return refuse("REQUEST_MALFORMED", message).refusal;
}

const SLASH = 47;

/** RFC 3986 §3.2: a name, or an address in brackets, and perhaps a port; no user. Empty where there is none. */
const AUTHORITY = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i;
