import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { TlsIdentity } from "../../access/tls/tls-identity.ts";
import { dialable, toAuthority } from "../../platform/net.ts";
import type { Clock } from "../../platform/clock.ts";
import { toListenFault } from "../../net/listen-fault.ts";

/** Connections the system holds for us while the loop is busy. */
const BACKLOG = 1024;
/** What is open so long after the end of the listener is cut: a handshake that is not done, a peer that does not hang up. */
const CLOSE_WITHIN_MS = 2000;

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Null: without TLS. */
  readonly tls: TlsIdentity | null;
  /** Also of those whose handshake is not done. */
  readonly maxConnections: number;
  readonly handshakeTimeoutMs: number;
  readonly clock: Clock;
  /** Asked before a handshake: it is the dearest thing a stranger can have done for him. */
  readonly admits: (remoteAddress: string) => boolean;
  readonly take: (socket: Socket, remoteAddress: string) => void;
}

/** Takes connections and hands them on; they are not its own to end. */
export interface MqttListener {
  readonly url: string;
  /** Takes no new connections; resolves when the last one is gone. */
  close(): Promise<void>;
}

/** Throws a RefusalError: PORT_BUSY or LISTEN_REFUSED. */
export async function openListener({ host, port, tls, ...options }: ListenOptions): Promise<MqttListener> {
  const name = tls === null ? "mqtt" : "mqtts";
  const settings = { noDelay: true, keepAlive: true };
  const onSocket = (socket: Socket): void => options.take(socket, addressOf(socket));
  const open = new Set<Socket>();
  const onRaw = (socket: Socket): void => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    if (!options.admits(addressOf(socket))) socket.destroy();
    else if (tls === null) onSocket(socket);
  };
  let server: Server;
  if (tls === null) server = createServer(settings);
  else {
    const tlsServer = createTlsServer({ ...settings, ...tls.options, handshakeTimeout: options.handshakeTimeoutMs }, onSocket);
    tls.follow(tlsServer);
    // A handshake that fails is the peer's affair.
    tlsServer.on("tlsClientError", (_error, socket) => socket.destroy());
    server = tlsServer;
  }
  server.on("connection", onRaw);
  server.maxConnections = options.maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(toListenFault(error, { name, host, port })));
    server.listen({ host, port, backlog: BACKLOG }, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    url: `${name}://${toAuthority(dialable(host), bound.port)}`,
    close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      const cancel = options.clock.after(CLOSE_WITHIN_MS, () => open.forEach((socket) => socket.destroy()));
      server.close(() => {
        cancel();
        resolve();
      });
      return promise;
    },
  };
}

function addressOf(socket: Socket): string {
  return (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}
