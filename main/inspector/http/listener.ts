import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Refusal } from "../../contract/errors.ts";
import { toListenFault } from "../../net/listen-fault.ts";
import { toParseFault } from "../../net/parse-fault.ts";
import { dialable, toAuthority } from "../../platform/net.ts";
import { ALL_METHODS } from "./allow-only.ts";
import { sendEarlyRefusal, sendRawRefusal } from "./send-refusal.ts";

const MAX_HEADER_BYTES = 32 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 120_000;
const KEEP_ALIVE_MS = 5000;
/** How long an answer waits for somebody to read on. */
const UNREAD_MS = 60_000;
const CHECK_MS = 1000;
const MAX_CONNECTIONS = 256;
/** Connections above the bound still get an answer, up to here. */
const MAX_SOCKETS = MAX_CONNECTIONS + 64;
/** Requests on one connection, each before the one before it is answered. */
const MAX_UNANSWERED = 1000;
const STOP_GRACE_MS = 1000;

const TOO_MANY: Refusal = { code: "TOO_MANY_CONNECTIONS", message: `The inspector has ${MAX_CONNECTIONS} connections. Close some.` };
const UNKNOWN_EXPECTATION: Refusal = { code: "EXPECTATION_FAILED", message: "The inspector knows no expectation but 100-continue." };

/** What came over a socket so far. */
interface Asked {
  lastResponse: ServerResponse | null;
  unanswered: number;
}

export interface ListenerOptions {
  readonly handleRequest: (request: IncomingMessage, response: ServerResponse) => void;
  /** WebSocket upgrades only; any other protocol is not switched to (RFC 9110 §7.8 lets a server ignore it). */
  readonly handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** The server's own trouble while it listens, such as no more file descriptors. */
  readonly handleError: (error: Error) => void;
  /** How long a request's headers may take. */
  readonly headersTimeoutMs?: number;
}

export interface HttpListener {
  /** Throws a RefusalError: PORT_BUSY, LISTEN_REFUSED. */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly url: string; readonly port: number }>;
  /** Open now. */
  connections(): number;
  close(): Promise<void>;
}

/** The inspector's HTTP server, with bounds on what a peer can hold, and an answer for each bound. */
export function createHttpListener(options: ListenerOptions): HttpListener {
  const { handleRequest, handleUpgrade, handleError, headersTimeoutMs = HEADERS_TIMEOUT_MS } = options;
  const sockets = new Map<Socket, Asked>();
  /** Those of them that have not asked for anything yet, oldest first. */
  const silent = new Set<Socket>();
  const bounds = { maxHeaderBytes: MAX_HEADER_BYTES, headersTimeoutMs, requestTimeoutMs: REQUEST_TIMEOUT_MS };
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: headersTimeoutMs,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(CHECK_MS, headersTimeoutMs),
    // The guard answers in our own words.
    requireHostHeader: false,
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === "websocket",
  });
  server.maxConnections = MAX_SOCKETS;
  server.maxHeadersCount = 0; // or Node silently drops the headers beyond 2000, a second Host among them
  server.timeout = UNREAD_MS;

  server.on("connection", (socket: Socket) => {
    sockets.set(socket, { lastResponse: null, unanswered: 0 });
    silent.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      silent.delete(socket);
    });
    // Who says nothing must not keep out who does.
    const [oldest] = silent;
    if (sockets.size > MAX_CONNECTIONS && oldest !== socket) oldest?.destroy();
  });
  const admit = (request: IncomingMessage, response: ServerResponse): Refusal | null => {
    silent.delete(request.socket);
    const asked = sockets.get(request.socket);
    if (!asked) return null;
    asked.unanswered = asked.lastResponse?.writableEnded === false ? asked.unanswered + 1 : 0;
    asked.lastResponse = response;
    if (asked.unanswered > MAX_UNANSWERED) request.socket.destroy();
    return sockets.size <= MAX_CONNECTIONS ? null : TOO_MANY;
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const refused = admit(request, response);
    if (response.destroyed) return;
    if (!refused) return handleRequest(request, response);
    response.setHeader("Connection", "close");
    sendEarlyRefusal(request, response, refused);
  };
  server.on("request", handle);
  // Whoever reads the body tells the sender to go on (rest/read-json.ts).
  server.on("checkContinue", handle);
  server.on("upgrade", (request, socket, head) => {
    silent.delete(request.socket);
    // Nobody listens otherwise once the server has let go of the socket.
    socket.on("error", () => socket.destroy());
    handleUpgrade(request, socket, head);
  });
  server.on("connect", (_request, socket) => {
    sendRawRefusal(socket, { code: "METHOD_NOT_ALLOWED", message: "The inspector is no proxy; CONNECT is not possible here." }, [
      `Allow: ${ALL_METHODS}`,
    ]);
  });
  server.on("checkExpectation", (request, response) => {
    admit(request, response);
    sendEarlyRefusal(request, response, UNKNOWN_EXPECTATION);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    const lastResponse = sockets.get(socket)?.lastResponse;
    if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
    const refuse = (): void => sendRawRefusal(socket, toParseFault(error, bounds));
    if (!lastResponse || lastResponse.writableFinished) return refuse();
    // What it has asked for before is answered first; an answer that has begun is all it gets.
    if (lastResponse.headersSent) lastResponse.end();
    else lastResponse.once("close", refuse);
  });

  return {
    listen: async ({ host, port }) => {
      await new Promise<void>((resolve, reject) => {
        const fail = (error: NodeJS.ErrnoException): void => reject(toListenFault(error, { name: "inspector", host, port }));
        server.once("error", fail);
        server.listen({ host, port }, () => {
          server.off("error", fail);
          server.on("error", handleError);
          resolve();
        });
      });
      const bound = server.address() as AddressInfo;
      return { url: `http://${toAuthority(dialable(host), bound.port)}`, port: bound.port };
    },
    connections: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        if (!server.listening) return resolve();
        const cut = setTimeout(() => sockets.forEach((_asked, socket) => socket.destroy()), STOP_GRACE_MS);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
