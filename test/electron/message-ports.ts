import { EventEmitter } from "node:events";

/** Electron's MessagePortMain over a Node MessagePort: an EventEmitter that delivers nothing before start(). */
export class MessagePortMain extends EventEmitter {
  readonly raw: MessagePort;

  constructor(raw: MessagePort) {
    super();
    this.raw = raw;
    raw.addEventListener("close", () => this.emit("close"));
  }

  start(): void {
    this.raw.addEventListener("message", ({ data, ports }) =>
      this.emit("message", { data, ports: ports.map((port) => new MessagePortMain(port)) }),
    );
    this.raw.start();
  }

  postMessage(message: unknown, transfer: readonly MessagePortMain[] = []): void {
    this.raw.postMessage(
      message,
      transfer.map((port) => port.raw),
    );
  }

  close(): void {
    this.raw.close();
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMain;
  readonly port2: MessagePortMain;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new MessagePortMain(port1);
    this.port2 = new MessagePortMain(port2);
  }
}
