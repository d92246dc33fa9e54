import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { TlsIdentity } from "../../access/tls/tls-identity.ts";
import { dialable, toAuthority } from "../../platform/net.ts";
import { watchHandshakes, type Handshakes } from "../../net/handshakes.ts";
import { toListenFault } from "../../net/listen-fault.ts";

/** Connections the system holds for us while the loop is busy. */
const BACKLOG = 1024;

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Null: without TLS. */
  readonly tls: TlsIdentity | null;
  /** Also of those whose handshake is not done. */
  readonly maxConnections: number;
  readonly handshakeTimeoutMs: number;
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
  const onRaw = (socket: Socket): void => {
    if (!options.admits(addressOf(socket))) socket.destroy();
    else if (tls === null) onSocket(socket);
  };
  let server: Server;
  let handshakes: Handshakes | null = null;
  if (tls === null) server = createServer(settings);
  else {
    const tlsServer = createTlsServer({ ...settings, ...tls.options, handshakeTimeout: options.handshakeTimeoutMs }, onSocket);
    tls.follow(tlsServer);
    handshakes = watchHandshakes(tlsServer);
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
      handshakes?.cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function addressOf(socket: Socket): string {
  return (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}
