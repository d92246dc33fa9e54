import { WebSocket } from "ws";
import type { Link } from "../../contract/link.ts";
import type { Clock } from "../../platform/clock.ts";

const PING_MS = 30_000;
const MAX_MISSED_PINGS = 2;
/** What may wait in the socket's buffer for a reader that does not read. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
/** How long a peer has to read what is left and answer the close (RFC 6455 §7.1.1). */
const CLOSE_MS = 5000;

/** A link over a WebSocket that is open. It is pinged (RFC 6455 §5.5.2), and cut when it is dead or does not read. */
export function openWebSocketLink(socket: WebSocket, clock: Clock): Link {
  const closeListeners: ((reason: string) => void)[] = [];
  const early: string[] = [];
  let listener: ((text: string) => void) | null = null;
  let closed = false;
  let missed = 0;

  const ping = (): void => {
    if (missed >= MAX_MISSED_PINGS) return socket.terminate();
    missed += 1;
    socket.ping();
    cancelPing = clock.after(PING_MS, ping);
  };
  let cancelPing = clock.after(PING_MS, ping);

  const end = (reason: string): void => {
    if (closed) return;
    closed = true;
    cancelPing();
    for (const tell of closeListeners) tell(reason);
  };
  /** The hub is done with the link at once; the peer may take its time, but not for ever. */
  const close = (code: number, reason: string): void => {
    if (closed) return;
    socket.close(code, reason);
    const cancelCut = clock.after(CLOSE_MS, () => socket.terminate());
    socket.on("close", cancelCut);
    end(reason);
  };

  socket.on("pong", () => (missed = 0));
  // "close" follows every error, and says as much as anybody needs.
  socket.on("error", () => {});
  socket.on("close", (code, reason) => end(reason.toString("utf8") || `closed with ${code}`));
  socket.on("message", (data, isBinary) => {
    if (closed) return;
    if (isBinary) return close(1003, "text frames only");
    const text = (data as Buffer).toString("utf8");
    if (listener) listener(text);
    else early.push(text);
  });

  return {
    send(text, sent) {
      if (closed || socket.readyState !== WebSocket.OPEN) return sent?.();
      if (socket.bufferedAmount <= MAX_BUFFERED_BYTES) return socket.send(text, () => sent?.());
      close(1013, "the reader is too slow");
      sent?.();
    },
    onMessage(given) {
      listener = given;
      for (const text of early.splice(0)) given(text);
    },
    onClose(tell) {
      closeListeners.push(tell);
    },
    close,
  };
}
