import { HUB_PORT, type DesktopApi } from "../../main/contract/desktop.ts";
import { RefusalError } from "../../main/contract/errors.ts";
import type { Link } from "../../main/contract/link.ts";

const WAIT_MS = 10_000;

/** Asks the desktop's main process for a port to the hub. Rejects with HUB_UNREACHABLE when none comes. */
export function openPortLink(desktop: DesktopApi): Promise<Link> {
  const { promise, resolve, reject } = Promise.withResolvers<Link>();
  const stop = (): void => {
    clearTimeout(timer);
    window.removeEventListener("message", receive);
  };
  const receive = (event: MessageEvent<unknown>): void => {
    const [port] = event.ports;
    const { data } = event;
    const isPort = typeof data === "object" && data !== null && "type" in data && data.type === HUB_PORT;
    // Only the window itself (the preload speaks as it) may hand over a port.
    if (event.source !== window || event.origin !== window.location.origin || !isPort || !port) return;
    stop();
    resolve(createPortLink(port, desktop));
  };
  const timer = setTimeout(() => {
    stop();
    reject(new RefusalError({ code: "HUB_UNREACHABLE", message: "The hub has not answered the window. It may still be starting." }));
  }, WAIT_MS);
  window.addEventListener("message", receive);
  desktop.connect();
  return promise;
}

function createPortLink(port: MessagePort, desktop: DesktopApi): Link {
  let closed = false;
  const closeListeners: ((reason: string) => void)[] = [];
  const end = (reason: string): void => {
    if (closed) return;
    closed = true;
    port.close();
    stopWatching();
    for (const listener of closeListeners) listener(reason);
  };
  // Chromium tells a page nothing when a port's other end is gone; the main process tells it of the hub. What it says at
  // once is how things stand, for this port's own hub.
  let isNews = false;
  const stopWatching = desktop.onHubState(({ state }) => {
    if (isNews && state !== "running") end("the hub's process has ended");
  });
  isNews = true;
  return {
    send: (text) => {
      if (!closed) port.postMessage(text);
    },
    onMessage: (listener) => {
      port.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        if (typeof data === "string") listener(data);
        else end("something other than text came");
      });
      // Until now the port has kept what came.
      port.start();
    },
    onClose: (listener) => {
      if (closed) listener("closed");
      else closeListeners.push(listener);
    },
    close: (_code, reason) => end(reason),
  };
}
