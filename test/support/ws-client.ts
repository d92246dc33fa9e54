import { once } from "node:events";
import type { TestContext } from "node:test";
import { WebSocket, type ClientOptions } from "ws";

export interface WsFrame {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

export interface WsClient {
  readonly socket: WebSocket;
  /** The next frame, as it came. */
  next(): Promise<WsFrame>;
  /** The next frame as JSON. */
  json(): Promise<Record<string, unknown>>;
  send(frame: unknown): void;
  /** Resolves with code and reason once the connection is closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** Frames that came and were not asked for yet. */
  waiting(): number;
}

/** A WebSocket to `url` (http or ws), open; closed after the test. */
export async function openWs(
  t: TestContext,
  url: string,
  protocols: string[] = [],
  headers: Record<string, string> = {},
  options: ClientOptions = {},
): Promise<WsClient> {
  const socket = new WebSocket(url.replace(/^http/, "ws"), protocols, { ...options, headers });
  const frames: WsFrame[] = [];
  const asked: ((frame: WsFrame) => void)[] = [];
  socket.on("message", (data: Buffer, isBinary) => {
    const frame = { data, isBinary };
    const ask = asked.shift();
    if (ask) ask(frame);
    else frames.push(frame);
  });
  const closed = once(socket, "close").then(([code, reason]) => ({ code: code as number, reason: String(reason) }));
  t.after(() => socket.terminate());
  await once(socket, "open");
  socket.on("error", () => undefined); // "close" follows
  const next = (): Promise<WsFrame> => {
    const frame = frames.shift();
    return frame ? Promise.resolve(frame) : new Promise((resolve) => asked.push(resolve));
  };
  return {
    socket,
    next,
    json: async () => JSON.parse((await next()).data.toString()) as Record<string, unknown>,
    send: (frame) => socket.send(typeof frame === "string" || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame)),
    closed,
    waiting: () => frames.length,
  };
}

/** The HTTP answer of an upgrade that is refused. */
export async function refusedWs(
  url: string,
  protocols: string[] = [],
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  const socket = new WebSocket(url.replace(/^http/, "ws"), protocols, { headers });
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, import("node:http").IncomingMessage];
  let body = "";
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode ?? 0, body };
}
