import type { Socket } from "node:net";
import type { Server } from "node:tls";

/** Connections whose TLS handshake is not done: nobody but this knows of them, and a server that closes waits for them. */
export interface Handshakes {
  /** Ends them. */
  cut(): void;
}

export function watchHandshakes(server: Server): Handshakes {
  /** By the peer's address: the socket below TLS and the one that speaks it are two, and have that in common. */
  const open = new Map<string, Socket>();
  server.on("connection", (socket: Socket) => {
    const peer = peerOf(socket);
    open.set(peer, socket);
    socket.once("close", () => open.delete(peer));
  });
  server.on("secureConnection", (socket) => open.delete(peerOf(socket)));
  // One that fails is the peer's affair.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return { cut: () => open.forEach((socket) => socket.destroy()) };
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
