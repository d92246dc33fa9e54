import { connect, type Socket } from "node:net";
import type { Client, ClientChannel } from "ssh2";
import type { OpenContext } from "../tunnel.ts";

/** Connections through one tunnel at once; what comes above is refused. */
const MAX_CHANNELS = 1000;

export interface ForwardedChannels {
  /** Resolves when none is open: what was answered has then reached the server. */
  settled(): Promise<void>;
}

/** Hands every connection that the server forwards to the tunnel's own listener, and nowhere else, whatever the server says. */
export function forwardChannels(
  client: Client,
  { localPort, noteSender }: Pick<OpenContext, "localPort" | "noteSender">,
): ForwardedChannels {
  const open = new Set<Socket>();
  const waiting = new Set<() => void>();
  const forget = (socket: Socket): void => {
    open.delete(socket);
    if (open.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting.clear();
  };

  client.on("tcp connection", ({ srcIP }, accept, reject) => {
    if (open.size >= MAX_CHANNELS) return reject();
    const socket = connect({ host: "127.0.0.1", port: localPort, noDelay: true, allowHalfOpen: true });
    open.add(socket);
    const onRefused = (): void => {
      forget(socket);
      reject(); // the listener is gone, or full
    };
    socket.once("error", onRefused);
    socket.once("connect", () => {
      socket.off("error", onRefused);
      const { localPort: fromPort = 0 } = socket;
      noteSender(fromPort, srcIP);
      socket.once("close", () => noteSender(fromPort, null));
      const channel = accept();
      channel.once("close", () => forget(socket));
      join(channel, socket);
    });
  });
  client.once("close", () => {
    for (const socket of open) {
      socket.destroy();
      forget(socket);
    }
  });
  return { settled: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.add(resolve))) };
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
