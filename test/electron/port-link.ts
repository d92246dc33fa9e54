export interface PortMessage {
  readonly port: string;
  readonly data?: unknown;
  readonly ports?: readonly string[];
  readonly closed?: true;
}

/**
 * Message ports across a boundary that cannot carry them: each one sent gets a number, and a pump on either side. Runs in
 * Node and, by its source text, in the page too, so it uses nothing from outside itself.
 */
export function createPortLink(send: (message: PortMessage) => void, prefix: string) {
  const pumps = new Map<string, MessagePort>();
  let count = 0;
  const pump = (id: string, port: MessagePort): void => {
    pumps.set(id, port);
    port.addEventListener("message", (event) => send({ port: id, data: event.data, ports: event.ports.map(give) }));
    port.addEventListener("close", () => {
      if (pumps.delete(id)) send({ port: id, closed: true });
    });
    port.start();
  };
  /** A number to send in place of the port. */
  const give = (port: MessagePort): string => {
    count += 1;
    pump(prefix + count, port);
    return prefix + count;
  };
  /** The port that a number received stands for. */
  const take = (id: string): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    pump(id, port1);
    return port2;
  };
  const receive = ({ port: id, data, ports, closed }: PortMessage): void => {
    const port = pumps.get(id);
    if (!closed) port?.postMessage(data, (ports ?? []).map(take));
    else if (pumps.delete(id)) port?.close();
  };
  /** What is beyond the boundary is gone. */
  const closeAll = (): void => {
    for (const port of pumps.values()) port.close();
    pumps.clear();
  };
  return { give, take, receive, closeAll };
}
