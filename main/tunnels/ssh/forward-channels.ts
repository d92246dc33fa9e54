import { connect, type Socket } from "node:net";
import type { Client, ClientChannel } from "ssh2";
import type { OpenContext } from "../tunnel.ts";

/** Connections through one tunnel at once; what comes above is refused. */
const MAX_CHANNELS = 1000;

/** Hands every connection that the server forwards to the tunnel's own listener, and nowhere else, whatever the server says. */
export function forwardChannels(client: Client, { localPort, noteSender }: Pick<OpenContext, "localPort" | "noteSender">): void {
  const open = new Set<Socket>();
  client.on("tcp connection", ({ srcIP }, accept, reject) => {
    if (open.size >= MAX_CHANNELS) return reject();
    const socket = connect({ host: "127.0.0.1", port: localPort, noDelay: true, allowHalfOpen: true });
    open.add(socket);
    let fromPort: number | undefined;
    socket.once("connect", () => {
      fromPort = socket.localPort;
      if (fromPort !== undefined) noteSender(fromPort, srcIP);
      join(accept(), socket);
    });
    socket.once("error", () => {
      if (fromPort === undefined) reject(); // the listener is gone, or full
    });
    socket.once("close", () => {
      open.delete(socket);
      if (fromPort !== undefined) noteSender(fromPort, null);
    });
  });
  client.once("close", () => {
    for (const socket of open) socket.destroy();
  });
}

/** Each end that is closed closes the other's same direction only: a sender may half-close and wait for its answer. */
function join(channel: ClientChannel, socket: Socket): void {
  channel.pipe(socket).pipe(channel);
  channel.once("error", () => socket.destroy());
  channel.once("close", () => socket.destroySoon());
  socket.once("error", () => channel.close());
  socket.once("close", () => {
    if (!channel.writableEnded) channel.close(); // it was cut, and did not end
  });
}
