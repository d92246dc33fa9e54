import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { toAuthority } from "../../platform/net.ts";
import { toListenFault } from "../listen-fault.ts";

/** Connections the system holds for us while the loop is busy. */
const BACKLOG = 1024;

export interface MqttListener {
  /** How this machine reaches it. */
  readonly url: string;
  /** Takes no new connections; resolves when the last one is gone. */
  close(): Promise<void>;
}

/** Listens for plain or, with `tls`, for encrypted connections. Throws a RefusalError: PORT_BUSY or LISTEN_REFUSED. */
export async function openListener(
  name: "mqtt" | "mqtts",
  address: { readonly host: string; readonly port: number },
  tls: TlsOptions | null,
  take: (socket: Socket, remoteAddress: string) => void,
): Promise<MqttListener> {
  const options = { noDelay: true, keepAlive: true };
  const onSocket = (socket: Socket): void => take(socket, (socket.remoteAddress ?? "").replace(/^::ffff:/, ""));
  const server: Server = tls === null ? createServer(options, onSocket) : createTlsServer({ ...options, ...tls }, onSocket);
  // A handshake that fails is the peer's affair.
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(toListenFault(error, { name, ...address })));
    server.listen({ ...address, backlog: BACKLOG }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${name}://${toAuthority(address.host, port)}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
