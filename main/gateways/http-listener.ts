import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { Server as TlsServer } from "node:tls";
import type { TlsIdentity } from "../access/tls/tls-identity.ts";
import { refuse, type Refusal } from "../contract/errors.ts";
import type { HubCounters } from "../hub/ports.ts";
import { toListenFault } from "../net/listen-fault.ts";
import { watchHandshakes } from "../net/handshakes.ts";
import { messageFault } from "../net/message-fault.ts";
import { toParseFault } from "../net/parse-fault.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { dialable, toAuthority } from "../platform/net.ts";
import { HttpExchange, type ExchangeHost, type HttpConnection } from "./http-exchange.ts";
import type { Gateway, UpgradeGateway } from "./gateway.ts";
import { readHead } from "./http-head.ts";
import { sayLastWord } from "./last-word.ts";
import type { TunnelSide } from "./tunnel-side.ts";

export type { HttpExchange } from "./http-exchange.ts";
export type { ReceivedBody } from "./body-receiver.ts";

export interface HttpListenerOptions {
  /** With it this is the listener `https`, without it `ingress`. */
  readonly tls?: TlsIdentity | null;
  /** With it this is a tunnel's own listener. */
  readonly tunnel?: TunnelSide | null;
  readonly host: string;
  readonly port: number;
  readonly maxHeaderBytes: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly maxConnections: number;
  readonly clock: Clock;
  readonly counters: HubCounters;
  readonly logger: Logger;
  /** Asked first: a gateway that takes the exchange answers true and, sooner or later, the sender. */
  readonly intake: (exchange: HttpExchange) => boolean;
  /** Everything else. */
  readonly app: RequestListener;
  /** Asked in this order of a request that offers another protocol; when none takes it, it is an ordinary request. */
  readonly upgrades?: readonly Pick<UpgradeGateway, "takesUpgrade" | "upgrade">[];
  /** How often slow senders are looked for; 1 s unless said. */
  readonly checkIntervalMs?: number;
}

/** `start` throws a RefusalError: PORT_BUSY or LISTEN_REFUSED. */
export interface HttpListener extends Gateway {
  /** How this machine reaches it, once it has started. */
  url(): string;
  /** Open now. */
  connections(): number;
}

/** What comes over `maxConnections` is told so, up to this many; beyond, sockets are closed at once. */
const SURPLUS_CONNECTIONS = 64;
/** Requests on one connection before the first of them is answered. */
const MAX_UNANSWERED = 1000;
const STOP_WITHIN_MS = 3000;
const SWEEP_MS = 50;

/** A bare node:http server (Express takes two thirds of the rate), strict on the way in and never silent on the way out. */
export function createHttpListener(options: HttpListenerOptions): HttpListener {
  const { tls = null, tunnel = null, clock, counters, logger, upgrades = [] } = options;
  const name = tls === null ? "ingress" : "https";
  const connections = new Map<Socket, HttpConnection>();
  const host: ExchangeHost & { stopping: boolean } = { clock, counters, stopping: false, tunnel };

  const settings = {
    maxHeaderSize: options.maxHeaderBytes,
    headersTimeout: options.headersTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    keepAliveTimeout: options.keepAliveTimeoutMs,
    connectionsCheckingInterval: options.checkIntervalMs ?? 1000,
    noDelay: true,
    requireHostHeader: false, // checked here, where the answer is ours
    // Java's client offers h2c on every request; what is not taken up is an ordinary request (RFC 9110 §7.8).
    shouldUpgradeCallback: (request: IncomingMessage) => upgrades.some((gateway) => gateway.takesUpgrade(request)),
  };
  const server =
    tls === null ? createServer(settings) : createTlsServer({ ...settings, ...tls.options, handshakeTimeout: options.headersTimeoutMs });
  server.maxHeadersCount = 0; // or Node silently drops the headers beyond 2000
  server.maxConnections = options.maxConnections + SURPLUS_CONNECTIONS;
  // A sender may half-close after its request and still wait for the answer (RFC 9112 §9.6).
  Object.assign(server, { httpAllowHalfOpen: true });

  const handshakes = server instanceof TlsServer ? watchHandshakes(server) : null;
  if (server instanceof TlsServer) tls?.follow(server);
  server.on(tls === null ? "connection" : "secureConnection", (socket: Socket) => {
    counters.connections += 1;
    const connection: HttpConnection = {
      remoteAddress: tunnel?.peerName ?? (socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
      surplus: counters.connections > options.maxConnections,
      lastResponse: null,
      receiver: null,
      fault: null,
      unanswered: 0,
    };
    connections.set(socket, connection);
    socket.once("close", () => {
      counters.connections -= 1;
      connections.delete(socket);
      connection.receiver?.breakOff(ABORTED);
    });
  });

  const handle = (request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean): void => {
    const connection = connections.get(request.socket);
    if (!connection) return void response.destroy();
    connection.unanswered = connection.lastResponse?.writableEnded === false ? connection.unanswered + 1 : 0;
    connection.lastResponse = response;
    if (connection.unanswered > MAX_UNANSWERED) return cutOff(request.socket);
    const exchange = new HttpExchange(host, connection, request, response, awaitsContinue);
    const fault = messageFault(request, exchange.head);
    exchange.mustClose = fault !== null;
    const refused = fault ?? faultOf(connection);
    if (refused) return exchange.refuse(refused);
    if (request.url === "*") return exchange.answer(204, ["Allow", ALL_METHODS], "");
    if (options.intake(exchange)) return;
    exchange.goOn();
    options.app(request, response);
  };

  const cutOff = (socket: Socket): void => {
    logger.warn("A connection is closed: it asked ever more without waiting for an answer.", { unanswered: MAX_UNANSWERED });
    socket.destroy();
  };

  const faultOf = (connection: HttpConnection): Refusal | null => {
    if (host.stopping) return STOPPING;
    return connection.surplus ? TOO_MANY : null;
  };

  server.on("request", (request, response) => handle(request, response, false));
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => handle(request, response, true));
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
    const connection = connections.get(request.socket);
    if (!connection) return void response.destroy();
    connection.lastResponse = response;
    new HttpExchange(host, connection, request, response, true).refuse(UNKNOWN_EXPECTATION);
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const connection = connections.get(socket);
    const gateway = upgrades.find((one) => one.takesUpgrade(request));
    if (!connection || !gateway) return void socket.destroy();
    // Node gives the socket away with its listeners taken off; an error on it must find somebody.
    socket.on("error", destroySocket);
    const fault = messageFault(request, readHead(request.rawHeaders)) ?? faultOf(connection);
    if (fault) return lastWord(socket, fault);
    gateway.upgrade({ request, socket, head, remoteAddress: connection.remoteAddress });
  });
  server.on("connect", (_request: IncomingMessage, socket: Socket) => sayLastWord(socket, NO_TUNNELS, clock, ["Allow", ALL_METHODS]));
  server.on("drop", () => logger.warn("Connections are closed unanswered: far more came than max-connections allows."));
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    const connection = connections.get(socket);
    if (!connection || error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
    const { receiver, lastResponse } = connection;
    const refusal = toParseFault(error, options);
    const isPartial = receiver !== null && !receiver.isWhole;
    if (isPartial) receiver.breakOff(socket.readableEnded ? ABORTED : refusal);
    endOpenAnswer(connection);
    const isKnown = connection.fault !== null;
    connection.fault ??= refusal;
    if (isPartial || isKnown) return;
    counters.refused[refusal.code] = (counters.refused[refusal.code] ?? 0) + 1;
    // Answers to earlier requests on this connection go out first.
    if (lastResponse && !lastResponse.writableFinished) lastResponse.once("close", () => lastWord(socket, refusal));
    else lastWord(socket, refusal);
  });

  /** An answer that was kept open need not be any longer: for a sender still sending (net/linger.ts), or as a stream. */
  const endOpenAnswer = ({ lastResponse }: HttpConnection): void => {
    if (lastResponse?.headersSent && !lastResponse.writableEnded) lastResponse.end();
  };

  const lastWord = (socket: Socket, refusal: Refusal): void => sayLastWord(socket, refusal, clock);

  return {
    name,
    start() {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const fail = (error: NodeJS.ErrnoException): void => reject(toListenFault(error, { name, host: options.host, port: options.port }));
      server.once("error", fail);
      server.listen({ host: options.host, port: options.port, backlog: 1024 }, () => {
        server.off("error", fail);
        server.on("error", (error) => logger.error(`The ${name} listener has a fault.`, { error }));
        resolve();
      });
      return promise;
    },
    url() {
      const { port } = server.address() as AddressInfo;
      return `${tls === null ? "http" : "https"}://${toAuthority(dialable(options.host), port)}`;
    },
    connections: () => connections.size,
    stop() {
      host.stopping = true;
      if (!server.listening) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      for (const connection of connections.values()) endOpenAnswer(connection);
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      const cancel = clock.after(STOP_WITHIN_MS, () => {
        server.closeAllConnections();
        for (const socket of connections.keys()) socket.destroy(); // those that were upgraded as well
      });
      handshakes?.cut();
      server.close(() => {
        clearInterval(sweep);
        cancel();
        resolve();
      });
      return promise;
    },
  };
}

/** What the server as a whole can do (RFC 9110 §9.3.7). */
const ALL_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/** Not a closure: it would keep the request for as long as the socket lives. */
function destroySocket(this: Socket): void {
  this.destroy();
}

const ABORTED = refuse("REQUEST_ABORTED", "The sender hung up before its request was complete.").refusal;
const STOPPING = refuse("HUB_STOPPING", "The hub is stopping and takes no more events. Send this one again when it is back.").refusal;
const TOO_MANY = refuse("TOO_MANY_CONNECTIONS", "The hub has as many connections as it allows. Try again in a moment.").refusal;
const UNKNOWN_EXPECTATION = refuse("EXPECTATION_FAILED", "The only expectation known here is 100-continue.").refusal;
const NO_TUNNELS = refuse("METHOD_NOT_ALLOWED", "CONNECT is for proxies, and this is none.").refusal;
