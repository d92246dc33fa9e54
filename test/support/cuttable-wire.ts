import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { TestContext } from "node:test";

export interface CuttableWire {
  readonly url: string;
  /** Where it leads from now on. */
  leadTo(port: number): void;
  /** Ends every connection that goes over it, without a word. */
  cut(): void;
}

/** A way to a port of this machine. While it leads nowhere, connections end at once. */
export async function openCuttableWire(t: TestContext, port: number | null): Promise<CuttableWire> {
  const sockets = new Set<Socket>();
  let target = port;

  const server = createServer((near) => {
    near.on("error", () => undefined); // "close" follows
    if (target === null) {
      near.destroy();
      return;
    }
    const far = connect({ host: "127.0.0.1", port: target });
    far.on("error", () => undefined);
    for (const [socket, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(socket);
      socket.once("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  t.after(() => {
    cut();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, leadTo: (next) => (target = next), cut };
}
