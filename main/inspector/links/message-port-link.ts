import type { Link } from "../../contract/link.ts";

/** What Electron's MessagePortMain and Node's MessagePort have in common. The one gives events, the other the data itself. */
export interface PortLike {
  postMessage(message: string): void;
  on(event: "message" | "close", listener: (message?: unknown) => void): unknown;
  start(): void;
  close(): void;
}

/** A link over a MessagePort. What is not text is no frame; it ends the link. */
export function openMessagePortLink(port: PortLike): Link {
  const closeListeners: ((reason: string) => void)[] = [];
  const early: string[] = [];
  let listener: ((text: string) => void) | null = null;
  let closed = false;

  const end = (reason: string): void => {
    if (closed) return;
    closed = true;
    for (const tell of closeListeners) tell(reason);
  };
  const close = (reason: string): void => {
    if (closed) return;
    end(reason);
    port.close();
  };

  port.on("message", (message) => {
    if (closed) return;
    const data = typeof message === "object" && message !== null && "data" in message ? message.data : message;
    if (typeof data !== "string") close("a message was not text");
    else if (listener) listener(data);
    else early.push(data);
  });
  port.on("close", () => end("the other side closed the port"));
  port.start();

  return {
    send(text, sent) {
      if (!closed) port.postMessage(text);
      sent?.(); // a port does not tell when its other end has read
    },
    onMessage(given) {
      listener = given;
      for (const text of early.splice(0)) given(text);
    },
    onClose(tell) {
      closeListeners.push(tell);
    },
    close: (_code, reason) => close(reason),
  };
}
