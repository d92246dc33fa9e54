import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { openRaw } from "./raw-connection.ts";

/** Where requests of a table go, and the good body they carry. */
export interface CornerTarget {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  /** Whole header lines beside Host. */
  readonly lines?: string;
  readonly body: string;
}

export interface Corner {
  readonly what: string;
  /** The bytes, as latin1. */
  readonly request: (target: CornerTarget) => string;
  /** Statuses, or `good`: what a request without fault is answered; `closed` when the connection must be closed then. */
  readonly answers: readonly (number | "good")[];
  readonly code?: string;
  readonly closed?: true;
}

const start = ({ method, path }: CornerTarget, version = "1.1"): string => `${method} ${path} HTTP/${version}\r\n`;
const host = ({ port, lines = "" }: CornerTarget): string => `Host: 127.0.0.1:${port}\r\n${lines}`;
const sized = ({ body }: CornerTarget): string => `Content-Length: ${body.length}\r\n\r\n${body}`;
const chunk = ({ body }: CornerTarget, extension = ""): string => `${body.length.toString(16)}${extension}\r\n${body}\r\n0\r\n\r\n`;
const whole = (target: CornerTarget): string => start(target) + host(target) + sized(target);
/** A request with these lines instead of its framing, and what follows them. */
const framed =
  (lines: string, rest: (target: CornerTarget) => string) =>
  (target: CornerTarget): string =>
    `${start(target)}${host(target)}${lines}\r\n\r\n${rest(target)}`;
const headed =
  (lines: string) =>
  (target: CornerTarget): string =>
    start(target) + host(target) + lines + sized(target);

const MALFORMED = { answers: [400], code: "REQUEST_MALFORMED", closed: true } as const;
const GOOD = { answers: ["good"] } as const;
const VERSION = { answers: [505], code: "HTTP_VERSION_UNKNOWN", closed: true } as const;
const CODING = { answers: [501], code: "TRANSFER_CODING_UNKNOWN", closed: true } as const;

/** Corners of RFC 9110 and 9112 that every HTTP listener of the hub answers alike. */
export const HTTP_CORNERS: readonly Corner[] = [
  { what: "a plain request", request: whole, ...GOOD },
  { what: "a request in HTTP/1.0", request: (t) => start(t, "1.0") + host(t) + sized(t), answers: ["good"], closed: true },
  { what: "empty lines before the request line", request: (t) => `\r\n\r\n${whole(t)}`, ...GOOD },

  { what: "HTTP/2.0 in the request line", request: (t) => start(t, "2.0") + host(t) + sized(t), ...VERSION },
  { what: "HTTP/3.0 in the request line", request: (t) => start(t, "3.0") + host(t) + sized(t), ...VERSION },
  { what: "HTTP/1.2 in the request line", request: (t) => start(t, "1.2") + host(t) + sized(t), ...VERSION },
  { what: "a request line of HTTP/0.9", request: ({ method, path }) => `${method} ${path}\r\n\r\n`, ...VERSION },
  { what: "the preface of HTTP/2", request: () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ...VERSION },

  { what: "gzip, chunked", request: framed("Transfer-Encoding: gzip, chunked", chunk), ...CODING },
  {
    what: "gzip and chunked on two lines",
    request: framed("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", chunk),
    ...CODING,
  },
  { what: "gzip alone", request: framed("Transfer-Encoding: gzip", chunk), ...MALFORMED },
  { what: "identity", request: framed("Transfer-Encoding: identity", chunk), ...MALFORMED },
  { what: "a coding that only looks like chunked", request: framed("Transfer-Encoding: xchunked", chunk), ...MALFORMED },
  { what: "chunked before another coding", request: framed("Transfer-Encoding: chunked, identity", chunk), ...MALFORMED },
  { what: "chunked twice", request: framed("Transfer-Encoding: chunked, chunked", chunk), ...MALFORMED },
  { what: "chunked on two lines", request: framed("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", chunk), ...MALFORMED },
  {
    what: "chunked in HTTP/1.0",
    request: (t) => `${start(t, "1.0")}${host(t)}Transfer-Encoding: chunked\r\n\r\n${chunk(t)}`,
    ...MALFORMED,
  },
  { what: "CHUNKED in capitals", request: framed("Transfer-Encoding: CHUNKED", chunk), ...GOOD },

  {
    what: "Content-Length, then Transfer-Encoding",
    request: framed("Content-Length: 5\r\nTransfer-Encoding: chunked", chunk),
    ...MALFORMED,
  },
  {
    what: "Transfer-Encoding, then Content-Length",
    request: framed("Transfer-Encoding: chunked\r\nContent-Length: 5", chunk),
    ...MALFORMED,
  },
  { what: "two Content-Lengths that differ", request: headed("Content-Length: 1\r\n"), ...MALFORMED },
  { what: "two Content-Lengths that agree", request: (t) => headed(`Content-Length: ${t.body.length}\r\n`)(t), ...MALFORMED },
  { what: "a list of Content-Lengths", request: framed("Content-Length: 2, 2", () => "{}"), ...MALFORMED },
  { what: "a Content-Length with a sign", request: framed("Content-Length: +2", () => "{}"), ...MALFORMED },
  { what: "a negative Content-Length", request: framed("Content-Length: -1", () => ""), ...MALFORMED },
  { what: "an empty Content-Length", request: framed("Content-Length:", () => ""), ...MALFORMED },
  { what: "a Content-Length beyond 64 bits", request: framed("Content-Length: 99999999999999999999999", () => ""), ...MALFORMED },

  { what: "a header line folded", request: headed("X-A: 1\r\n 2\r\n"), ...MALFORMED },
  { what: "lines ended by LF alone", request: (t) => whole(t).replaceAll("\r\n", "\n"), ...MALFORMED },
  { what: "one line ended by LF alone", request: headed("X-A: 1\nX-B: 2\r\n"), ...MALFORMED },
  { what: "a CR within a value", request: headed("X-A: 1\r2\r\n"), ...MALFORMED },
  { what: "a NUL within a value", request: headed("X-A: 1\u00002\r\n"), ...MALFORMED },
  { what: "a space before the colon", request: headed("X-A : 1\r\n"), ...MALFORMED },
  { what: "a line without a colon", request: headed("Nonsense\r\n"), ...MALFORMED },
  { what: "a line without a name", request: headed(": x\r\n"), ...MALFORMED },
  { what: "a space in the target", request: (t) => `${t.method} ${t.path} x HTTP/1.1\r\n${host(t)}${sized(t)}`, ...MALFORMED },
  { what: "http in small letters", request: (t) => `${t.method} ${t.path} http/1.1\r\n${host(t)}${sized(t)}`, ...MALFORMED },

  { what: "a chunk with an extension", request: framed("Transfer-Encoding: chunked", (t) => chunk(t, ';a=b;c="d"')), ...GOOD },
  {
    what: "a trailer",
    request: framed("Transfer-Encoding: chunked", (t) => chunk(t).replace(/\r\n$/, "X-T: 1\r\n\r\n")),
    ...GOOD,
  },

  { what: "no Host", request: (t) => `${start(t)}${t.lines ?? ""}${sized(t)}`, ...MALFORMED },
  { what: "two Hosts", request: (t) => headed(host({ ...t, lines: "" }))(t), ...MALFORMED },
  {
    what: "a second Host after thousands of other lines",
    request: (t) => headed(`${"a:\r\n".repeat(2500)}${host({ ...t, lines: "" })}`)(t),
    ...MALFORMED,
  },
  { what: "a Host that is none", request: (t) => `${start(t)}Host: a b/../\r\n${t.lines ?? ""}${sized(t)}`, ...MALFORMED },
  { what: "a target in absolute form", request: (t) => whole({ ...t, path: `http://127.0.0.1:${t.port}${t.path}` }), ...GOOD },
  { what: "an absolute target of another scheme", request: (t) => whole({ ...t, path: `ftp://127.0.0.1${t.path}` }), ...MALFORMED },
  { what: "an absolute target with a user", request: (t) => whole({ ...t, path: `http://me@127.0.0.1:${t.port}${t.path}` }), ...MALFORMED },
  { what: "a target that is no path", request: (t) => whole({ ...t, path: "in/any" }), ...MALFORMED },

  {
    what: "CONNECT",
    request: (t) => `CONNECT evil.example:443 HTTP/1.1\r\n${host(t)}\r\n`,
    answers: [405],
    code: "METHOD_NOT_ALLOWED",
    closed: true,
  },
  { what: "OPTIONS *", request: (t) => `OPTIONS * HTTP/1.1\r\n${host(t)}\r\n`, answers: [204] },
  { what: "* with another method", request: (t) => whole({ ...t, path: "*" }), ...MALFORMED },
  { what: "a method nobody knows", request: (t) => whole({ ...t, method: "BREW" }), answers: [501], code: "METHOD_UNKNOWN", closed: true },
  { what: "no method at all", request: () => "hello\r\n\r\n", ...MALFORMED },
  { what: "a TLS greeting", request: () => "\u0016\u0003\u0001\u0002\u0000\u0001", ...MALFORMED },
  {
    what: "headers beyond the bound",
    request: headed(`X-Long: ${"x".repeat(70_000)}\r\n`),
    answers: [431],
    code: "HEADERS_TOO_LARGE",
    closed: true,
  },

  {
    what: "an expectation nobody knows",
    request: headed("Expect: miracles\r\n"),
    answers: [417],
    code: "EXPECTATION_FAILED",
  },
  {
    what: "100-continue in HTTP/1.0",
    request: (t) => `${start(t, "1.0")}${host(t)}Expect: 100-continue\r\n${sized(t)}`,
    answers: ["good"],
  },
  { what: "an offer of h2c", request: headed("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAA\r\n"), ...GOOD },
  { what: "Upgrade without Connection", request: headed("Upgrade: websocket\r\n"), ...GOOD },

  { what: "two requests in one go", request: (t) => whole(t).repeat(2), answers: ["good", "good"] },
  {
    what: "a request after one that found nothing",
    request: (t) => whole({ ...t, path: "/nowhere" }) + whole(t),
    answers: [404, "good"],
    code: "NOT_FOUND",
  },
  {
    what: "nonsense after a good request",
    request: (t) => `${whole(t)}nonsense\r\n\r\n`,
    answers: ["good", 400],
    code: "REQUEST_MALFORMED",
    closed: true,
  },
];

/** Sends each corner's bytes on a connection of their own and holds what comes to the table. `good`: the status where nothing is wrong. */
export async function assertCorners(t: TestContext, target: CornerTarget, good: number, corners: readonly Corner[]): Promise<void> {
  for (const corner of corners) {
    const http = await openRaw(t, target.port);
    http.send(corner.request(target));
    const statuses: number[] = [];
    const codes: string[] = [];
    while (statuses.length < corner.answers.length) {
      const { status, body } = await http.answer();
      statuses.push(status);
      codes.push(...[...body.matchAll(/"code":"(\w+)"/g)].map(([, code = ""]) => code));
    }
    if (corner.closed) await http.closed();
    http.socket.destroy();
    const expected = corner.answers.map((status) => (status === "good" ? good : status));
    assert.deepEqual({ statuses, codes }, { statuses: expected, codes: corner.code ? [corner.code] : [] }, corner.what);
  }
}
