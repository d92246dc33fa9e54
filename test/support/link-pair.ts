import type { Link } from "../../main/contract/link.ts";

/** Two ends of a link in memory. Frames arrive in order, each in a microtask of its own, as if a carrier lay between. */
export function createLinkPair(): [Link, Link] {
  const a = createEnd();
  const b = createEnd();
  a.peer = b;
  b.peer = a;
  return [a.link, b.link];
}

interface End {
  peer: End | null;
  readonly link: Link;
  arrive(text: string): void;
  end(reason: string): void;
}

function createEnd(): End {
  const early: string[] = [];
  const closeListeners: ((reason: string) => void)[] = [];
  let listener: ((text: string) => void) | null = null;
  let closed = false;
  const end: End = {
    peer: null,
    arrive(text) {
      if (closed) return;
      if (listener) listener(text);
      else early.push(text);
    },
    end(reason) {
      if (closed) return;
      closed = true;
      for (const tell of closeListeners) tell(reason);
    },
    link: {
      send(text, sent) {
        if (!closed) queueMicrotask(() => end.peer?.arrive(text));
        if (sent) queueMicrotask(sent);
      },
      onMessage(given) {
        listener = given;
        for (const text of early.splice(0)) given(text);
      },
      onClose: (tell) => void closeListeners.push(tell),
      close(_code, reason) {
        queueMicrotask(() => end.peer?.end(reason));
        end.end(reason);
      },
    },
  };
  return end;
}
