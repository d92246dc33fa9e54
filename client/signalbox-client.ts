import { retryDelayMs } from "./retry-delay.ts";
import { matchesFilter } from "./matches-filter.ts";

export interface SignalboxEvent {
  readonly seq: number;
  readonly topic: string;
  /** Epoch ms. */
  readonly time: number;
  readonly contentType: string | null;
  /** As text; of a binary payload, base64 (see `encoding`). */
  readonly payload: string;
  readonly encoding?: "base64";
  /** The topic's retained event, given because the subscription is new. */
  readonly retained?: true;
}

export type ClientState = "connecting" | "open" | "waiting" | "closed";

export interface ClientOptions {
  /** `http(s)://host:port` or `ws(s)://host:port` of the hub's ingress. */
  readonly url: string;
  /** A key's secret. */
  readonly key?: string;
  /** Publications kept while there is no connection; more are refused. 1000 unless said. */
  readonly maxOutbox?: number;
  /** A connection that says nothing for so long after a ping is given up. 20 s unless said. */
  readonly heartbeatMs?: number;
  readonly onState?: (state: ClientState) => void;
  /** An error that belongs to no publication, as of a subscription that is refused. */
  readonly onError?: (error: Error) => void;
}

export interface SignalboxClient {
  /** Every event on matching topics, once and in order, across all reconnects. Answers how to stop. */
  subscribe(filter: string, onEvent: (event: SignalboxEvent) => void, options?: { readonly after?: number }): () => void;
  /** Resolves once the event is stored. After a cut it is sent again: at least once. */
  publish(
    topic: string,
    payload: unknown,
    options?: { readonly retain?: boolean; readonly contentType?: string },
  ): Promise<{ seq: number }>;
  readonly state: ClientState;
  close(): void;
}

interface Subscription {
  readonly id: number;
  readonly filter: string;
  readonly onEvent: (event: SignalboxEvent) => void;
  /** Where to go on after a cut; null until the hub has said where it begins. */
  lastSeq: number | null;
  live: boolean;
}

interface Publication {
  readonly frame: string;
  readonly resolve: (stored: { seq: number }) => void;
  readonly reject: (error: Error) => void;
}

type Frame = { readonly t: string; readonly id?: number; readonly seq?: number; readonly code?: string; readonly message?: string };

/** Talks `signalbox.v1` over the platform's own WebSocket (browsers, Node from 22), and comes back by itself. */
export function connectSignalbox(options: ClientOptions): SignalboxClient {
  const { maxOutbox = 1000, heartbeatMs = 20_000 } = options;
  const subscriptions = new Map<number, Subscription>();
  const publications = new Map<number, Publication>();
  let socket: WebSocket | null = null;
  let state: ClientState = "connecting";
  let ids = 0;
  let attempt = 0;
  let heard = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const setState = (next: ClientState): void => {
    if (state === next) return;
    state = next;
    options.onState?.(next);
  };
  const send = (frame: object): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  };
  const askFor = ({ id, filter, lastSeq }: Subscription): void =>
    send({ t: "subscribe", id, filter, mark: true, after: lastSeq ?? undefined });

  function connect(): void {
    setState("connecting");
    const key = options.key === undefined ? "" : `?key=${encodeURIComponent(options.key)}`;
    const own = new WebSocket(`${options.url.replace(/^http/, "ws").replace(/\/$/, "")}/ws${key}`, ["signalbox.v1"]);
    socket = own;
    own.addEventListener("open", () => {
      attempt = 0;
      heard = true;
      setState("open");
      for (const subscription of subscriptions.values()) askFor(subscription);
      for (const { frame } of publications.values()) own.send(frame);
      clearTimeout(timer);
      beat(own);
    });
    own.addEventListener("message", ({ data }) => {
      heard = true;
      if (own === socket) receive(JSON.parse(String(data)) as Frame);
    });
    own.addEventListener("close", () => lost(own));
  }

  function beat(own: WebSocket): void {
    timer = setTimeout(() => {
      if (own !== socket) return;
      if (!heard) return lost(own);
      heard = false;
      send({ t: "ping" });
      beat(own);
    }, heartbeatMs);
  }

  function lost(own: WebSocket): void {
    if (own !== socket || state === "closed") return;
    socket = null;
    own.close();
    for (const subscription of subscriptions.values()) subscription.live = false;
    setState("waiting");
    clearTimeout(timer);
    timer = setTimeout(connect, retryDelayMs(attempt, Math.random()));
    attempt += 1;
  }

  function receive(frame: Frame): void {
    const { id = -1 } = frame;
    switch (frame.t) {
      case "event":
        return give(frame as unknown as SignalboxEvent & { sub?: number });
      case "subscribed": {
        const subscription = subscriptions.get(id);
        if (subscription) subscription.lastSeq ??= frame.seq ?? null;
        return;
      }
      case "live": {
        const subscription = subscriptions.get(id);
        if (subscription) subscription.live = true;
        return;
      }
      case "ack": {
        publications.get(id)?.resolve({ seq: frame.seq ?? 0 });
        publications.delete(id);
        return;
      }
      case "error": {
        const error = Object.assign(new Error(frame.message), { code: frame.code });
        const publication = publications.get(id);
        publications.delete(id);
        if (publication) publication.reject(error);
        else options.onError?.(error);
      }
    }
  }

  /** What is replayed is for one subscription, what comes live for all that are live and match. */
  function give({ sub, ...event }: SignalboxEvent & { sub?: number }): void {
    const takers = sub === undefined ? [...subscriptions.values()].filter((one) => one.live) : [subscriptions.get(sub)];
    for (const taker of takers) {
      if (!taker || !matchesFilter(taker.filter, event.topic)) continue;
      if (!event.retained) {
        if (taker.lastSeq !== null && event.seq <= taker.lastSeq) continue;
        taker.lastSeq = event.seq;
      }
      taker.onEvent(event);
    }
  }

  connect();
  return {
    subscribe(filter, onEvent, { after } = {}) {
      ids += 1;
      const subscription: Subscription = { id: ids, filter, onEvent, lastSeq: after ?? null, live: false };
      if ([...subscriptions.values()].some((one) => one.filter === filter))
        throw new Error(`There is a subscription to ${filter} already.`);
      subscriptions.set(ids, subscription);
      askFor(subscription);
      return () => {
        if (subscriptions.delete(subscription.id)) send({ t: "unsubscribe", id: subscription.id, filter });
      };
    },
    publish(topic, payload, { retain = false, contentType } = {}) {
      if (state === "closed") return Promise.reject(new Error("The client is closed."));
      if (publications.size >= maxOutbox) return Promise.reject(new Error(`${maxOutbox} publications wait for the hub already.`));
      ids += 1;
      const id = ids;
      const frame = JSON.stringify({ t: "publish", id, topic, ...toPayload(payload), retain, contentType, ack: true });
      return new Promise((resolve, reject) => {
        publications.set(id, { frame, resolve, reject });
        if (socket?.readyState === WebSocket.OPEN) socket.send(frame);
      });
    },
    get state() {
      return state;
    },
    close() {
      setState("closed");
      clearTimeout(timer);
      socket?.close(1000);
      socket = null;
      for (const { reject } of publications.values()) reject(new Error("The client was closed before the hub had answered."));
      publications.clear();
    },
  };
}

function toPayload(payload: unknown): { payload: unknown; encoding?: "base64" } {
  if (!(payload instanceof Uint8Array)) return { payload };
  let binary = "";
  for (const byte of payload) binary += String.fromCharCode(byte);
  return { payload: btoa(binary), encoding: "base64" };
}
