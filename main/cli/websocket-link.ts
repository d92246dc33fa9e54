import { WebSocket } from "ws";
import type { Link } from "../contract/link.ts";

const CONNECT_TIMEOUT_MS = 5000;

/** A Link over a WebSocket of its own. It may be used at once: what is sent before it is open waits. */
export function openWebSocketLink(url: string): Link {
  const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: CONNECT_TIMEOUT_MS });
  const early: string[] = [];
  const unsent: string[] = [];
  let failure = "";
  let onMessage: ((text: string) => void) | null = null;

  socket.on("open", () => unsent.splice(0).forEach((text) => socket.send(text)));
  socket.on("message", (data, isBinary) => {
    if (isBinary) return socket.close(1003, "text frames only");
    const text = (data as Buffer).toString("utf8");
    if (onMessage) onMessage(text);
    else early.push(text);
  });
  socket.on("error", (error: Error & { code?: string }) => (failure = error.message || (error.code ?? "no connection")));

  return {
    send: (text) => {
      if (socket.readyState === WebSocket.CONNECTING) unsent.push(text);
      else if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    onMessage: (listener) => {
      onMessage = listener;
      early.splice(0).forEach(listener);
    },
    onClose: (listener) => socket.on("close", (code, reason) => listener(failure || reason.toString("utf8") || `close code ${code}`)),
    close: (code, reason) => socket.close(code, reason),
  };
}
