import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { RefusalError, type Refusal } from "../../contract/errors.ts";
import { dialable, toAuthority } from "../../platform/net.ts";
import { sendRawRefusal, sendRefusal } from "./send-refusal.ts";

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
const STOP_GRACE_MS = 1000;

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
  const sockets = new Set<Socket>();
  /** Those of them that have not asked for anything yet, oldest first. */
  const silent = new Set<Socket>();
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
  server.timeout = UNREAD_MS;

  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    silent.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      silent.delete(socket);
    });
    // Who says nothing must not keep out who does.
    const [oldest] = silent;
    if (sockets.size > MAX_CONNECTIONS && oldest !== socket) oldest?.destroy();
  });
  server.on("request", (request, response) => {
    silent.delete(request.socket);
    if (sockets.size <= MAX_CONNECTIONS) return handleRequest(request, response);
    response.setHeader("Connection", "close");
    sendRefusal(response, { code: "TOO_MANY_CONNECTIONS", message: `The inspector has ${MAX_CONNECTIONS} connections. Close some.` });
  });
  server.on("upgrade", (request, socket, head) => {
    silent.delete(request.socket);
    // Nobody listens otherwise once the server has let go of the socket.
    socket.on("error", () => socket.destroy());
    handleUpgrade(request, socket, head);
  });
  server.on("connect", (_request, socket) => {
    sendRawRefusal(socket, { code: "METHOD_NOT_ALLOWED", message: "The inspector is no proxy; CONNECT is not possible here." });
  });
  server.on("checkExpectation", (_request, response) => {
    sendRefusal(response, { code: "EXPECTATION_FAILED", message: "The inspector knows no expectation but 100-continue." });
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    // An answer is already on its way, or nobody is left to read one.
    if (error.code === "ECONNRESET" || !socket.writable || socket.bytesWritten > 0) return void socket.destroy();
    sendRawRefusal(socket, malformed(error.code));
  });

  return {
    listen: async ({ host, port }) => {
      await new Promise<void>((resolve, reject) => {
        const fail = (error: NodeJS.ErrnoException): void => reject(listenFault(error, host, port));
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
        const cut = setTimeout(() => sockets.forEach((socket) => socket.destroy()), STOP_GRACE_MS);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function malformed(code: string | undefined): Refusal {
  if (code === "HPE_HEADER_OVERFLOW")
    return { code: "HEADERS_TOO_LARGE", message: `The headers are larger than ${MAX_HEADER_BYTES} bytes. Send fewer or shorter ones.` };
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return { code: "REQUEST_TIMEOUT", message: "The request did not arrive in time. Send it again, faster." };
  return { code: "REQUEST_MALFORMED", message: "The request is not valid HTTP/1.1." };
}

function listenFault(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const where = toAuthority(host, port);
  if (error.code === "EADDRINUSE") {
    const message = `Port ${port} on ${host} is in use, and the inspector wants it. Stop the other program, or move the inspector with --inspector ${toAuthority(host, 0)} (any free port).`;
    return new RefusalError({ code: "PORT_BUSY", message, details: { listener: "inspector", host, port, setting: "inspector" } });
  }
  if (error.code === "EACCES" || error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") {
    const message = `The inspector cannot listen on ${where} (${error.code}). Give it another address with --inspector.`;
    return new RefusalError({ code: "LISTEN_REFUSED", message, details: { listener: "inspector", host, port, setting: "inspector" } });
  }
  return error;
}
