import { RefusalError } from "../../main/contract/errors.ts";
import { LINK_PATH, type Link } from "../../main/contract/link.ts";

/** Opens the hub's WebSocket. Rejects with HUB_UNREACHABLE when it cannot be opened; a browser does not say why. */
export function openWebSocketLink(url: string): Promise<Link> {
  const { promise, resolve, reject } = Promise.withResolvers<Link>();
  const socket = new WebSocket(url);
  const waiting: string[] = [];
  let listener: ((text: string) => void) | null = null;
  let closed: string | null = null;
  const closeListeners: ((reason: string) => void)[] = [];

  socket.addEventListener("message", ({ data }) => {
    if (typeof data !== "string") return socket.close(1003, "text only");
    if (listener) listener(data);
    else waiting.push(data);
  });
  socket.addEventListener("close", ({ code, reason }) => {
    closed = reason || `closed with code ${code}`;
    reject(new RefusalError({ code: "HUB_UNREACHABLE", message: "The hub does not answer at this address. Is it running?" }));
    for (const one of closeListeners) one(closed);
  });
  socket.addEventListener("open", () =>
    resolve({
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      onMessage: (next) => {
        listener = next;
        for (const text of waiting.splice(0)) next(text);
      },
      onClose: (next) => {
        if (closed === null) closeListeners.push(next);
        else next(closed);
      },
      close: (code, reason) => socket.close(code === 1000 ? 1000 : 4000 + (code % 1000), reason),
    }),
  );
  return promise;
}

/** The inspector's WebSocket beside the page it served. */
export function inspectorUrl(page: Location): string {
  return `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}${LINK_PATH}`;
}
