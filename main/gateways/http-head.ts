import type { HeaderList } from "../contract/event.ts";

/** What the ingress needs to know of a request's header lines, found in one pass over them. */
export interface HttpHead {
  readonly headers: HeaderList;
  readonly host: string | null;
  /** How many Host lines there are; a request with two is refused (RFC 9112 §3.2). */
  readonly hosts: number;
  readonly contentType: string | null;
  /** Null when not announced. The parser has already refused what is no number. */
  readonly contentLength: number | null;
  /** All of Transfer-Encoding, joined by commas; null when there is none. */
  readonly transferEncoding: string | null;
  /** There is a body: it is announced by a length above 0 or by Transfer-Encoding (RFC 9112 §6.3). */
  readonly hasBody: boolean;
}

/** Takes Node's flat list of names and values. */
export function readHead(raw: readonly string[]): HttpHead {
  const headers: [string, string][] = [];
  let host: string | null = null;
  let hosts = 0;
  let contentType: string | null = null;
  let contentLength: number | null = null;
  let transferEncoding: string | null = null;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index]!;
    const value = raw[index + 1]!;
    headers.push([name, value]);
    // The length first: it spares nearly every line the lower-casing.
    switch (name.length) {
      case 4:
        if (name.toLowerCase() === "host") {
          hosts += 1;
          host ??= value;
        }
        break;
      case 12:
        if (contentType === null && name.toLowerCase() === "content-type") contentType = value;
        break;
      case 14:
        if (name.toLowerCase() === "content-length") contentLength = Number(value);
        break;
      case 17:
        if (name.toLowerCase() === "transfer-encoding")
          transferEncoding = transferEncoding === null ? value : `${transferEncoding}, ${value}`;
        break;
    }
  }
  const hasBody = transferEncoding !== null || (contentLength ?? 0) > 0;
  return { headers, host, hosts, contentType, contentLength, transferEncoding, hasBody };
}
