import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface RawExchange {
  readonly socket: Socket;
  /** Resolves when the connection is closed; after a whole answer it is ended from here. */
  readonly answer: Promise<RawAnswer>;
}

/** Bytes as they are to a listener, and what comes back until it closes: for requests no client library would send. */
export async function rawHttp(url: string, ...chunks: readonly (string | Uint8Array)[]): Promise<RawExchange> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  let received = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    if (isWhole(received)) socket.end();
  });
  socket.on("error", () => undefined); // a reset is one of the answers; "close" follows
  socket.on("end", () => socket.end());
  const closed = once(socket, "close");
  await Promise.race([once(socket, "connect"), closed]);
  for (const chunk of chunks) socket.write(typeof chunk === "string" ? Buffer.from(chunk, "latin1") : chunk);
  return { socket, answer: closed.then(() => parseAnswer(received)) };
}

function isWhole(bytes: Buffer): boolean {
  const { headers, bodyBytes } = splitAnswer(bytes);
  const length = headers.get("content-length");
  return length !== undefined && bodyBytes.length >= Number(length);
}

function parseAnswer(bytes: Buffer): RawAnswer {
  const { statusLine, headers, bodyBytes } = splitAnswer(bytes);
  const body = headers.get("transfer-encoding") === "chunked" ? unchunk(bodyBytes) : bodyBytes;
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0), headers, body: body.toString("utf8") };
}

function splitAnswer(bytes: Buffer): { statusLine: string; headers: Map<string, string>; bodyBytes: Buffer } {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return { statusLine: "", headers: new Map(), bodyBytes: Buffer.alloc(0) };
  const [statusLine = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const headers = lines.map((line): [string, string] => [
    line.slice(0, line.indexOf(":")).toLowerCase(),
    line.slice(line.indexOf(":") + 1).trim(),
  ]);
  return { statusLine, headers: new Map(headers), bodyBytes: bytes.subarray(end + 4) };
}

/** RFC 9112 §7.1, without trailers. */
function unchunk(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString("latin1"), 16);
    if (lineEnd === -1 || !(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
