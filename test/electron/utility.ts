// The `electron` module inside a utility process, and process.parentPort.
import { EventEmitter } from "node:events";
import { MessagePortMain } from "./message-ports.ts";
import { createPortLink, type PortMessage } from "./port-link.ts";

interface Posted {
  readonly message: unknown;
  readonly ports: readonly string[];
}

const send = (message: PortMessage | Posted): void => void (process.connected && process.send?.(message));
const link = createPortLink(send, "u");

class ParentPort extends EventEmitter {
  postMessage(message: unknown, transfer: readonly MessagePortMain[] = []): void {
    send({ message, ports: transfer.map((port) => link.give(port.raw)) });
  }
}

const parentPort = new ParentPort();
process.on("message", (received: PortMessage | Posted) => {
  if ("port" in received) link.receive(received);
  else parentPort.emit("message", { data: received.message, ports: received.ports.map((id) => new MessagePortMain(link.take(id))) });
});
process.on("disconnect", () => process.exit());
Object.defineProperty(process, "parentPort", { value: parentPort });

export const net = { fetch };
