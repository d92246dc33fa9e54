import { createOutbox } from "./outbox.ts";
import { toPayload } from "./payload.ts";
import { retryDelayMs } from "./retry-delay.ts";
import { SignalboxError } from "./signalbox-error.ts";
import { createSubscriptions, type EventFrame } from "./subscriptions.ts";

export { bytesOf } from "./payload.ts";
export { SignalboxError } from "./signalbox-error.ts";

export interface SignalboxEvent {
  /** Place in the hub's log: give it as `after` to go on from here. */
  readonly seq: number;
  readonly topic: string;
  /** Epoch ms. */
  readonly time: number;
  readonly contentType: string | null;
  /** As text; of a binary payload, base64 (see `encoding`, and `bytesOf`). */
  readonly payload: string;
  readonly encoding?: "base64";
  /** The topic's retained event, given because the subscription is new. */
  readonly retained?: true;
}

/** `waiting`: cut off, until the next attempt. */
export type ClientState = "connecting" | "open" | "waiting" | "closed";

export interface ClientOptions {
  /** `http(s)://host:port` or `ws(s)://host:port` of the hub's ingress. */
  readonly url: string;
  /** A key's secret. */
  readonly key?: string;
  /** Publications that may wait for the hub's answer; more are rejected with OUTBOX_FULL. 1000 unless said. */
  readonly maxOutbox?: number;
  /** About so many bytes of them. 16 MiB unless said. */
  readonly maxOutboxBytes?: number;
  /** A connection that says nothing for so long after a ping is given up. 20 s unless said. */
  readonly heartbeatMs?: number;
  readonly onState?: (state: ClientState) => void;
  /** What belongs to no publication: a subscription the hub refuses, or (once until it works) that the hub lets nobody in. */
  readonly onError?: (error: SignalboxError) => void;
}

export interface SubscribeOptions {
  /** Replay the log after this seq first; 0 is all of it. Left out: retained events, then what comes. */
  readonly after?: number;
}

export interface PublishOptions {
  readonly retain?: boolean;
  readonly contentType?: string;
}

export interface SignalboxClient {
  /** Every event on matching topics, once and in order, across all reconnects. Answers how to stop. */
  subscribe(filter: string, onEvent: (event: SignalboxEvent) => void, options?: SubscribeOptions): () => void;
  /**
   * Text, bytes, or anything else as JSON. Resolves once the event is stored, rejects with a SignalboxError when the hub
   * refuses it. What a cut left unanswered is sent again: at least once.
   */
  publish(topic: string, payload: unknown, options?: PublishOptions): Promise<{ readonly seq: number }>;
  readonly state: ClientState;
  /** Ends it for good; what waits is rejected with CLIENT_CLOSED. */
  close(): void;
}

const PING = JSON.stringify({ t: "ping" });

/** What the hub says, but for events. */
interface Reply {
  readonly t: "subscribed" | "live" | "ack" | "error" | "pong" | "unsubscribed";
  readonly id?: number;
  readonly seq?: number;
  readonly code?: string;
  readonly message?: string;
}

/** Talks `signalbox.v1` over the platform's own WebSocket (browsers, Node from 22), and comes back by itself. */
export function connectSignalbox(options: ClientOptions): SignalboxClient {
  const { maxOutbox = 1000, maxOutboxBytes = 16 * 1024 * 1024, heartbeatMs = 20_000 } = options;
  const address = toAddress(options);
  const subscriptions = createSubscriptions();
  let socket: WebSocket | null = null;
  let state: ClientState = "connecting";
  let ids = 0;
  let attempt = 0;
  let heard = false;
  /** It was told that the hub cannot be reached. */
  let complained = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const setState = (next: ClientState): void => {
    if (state === next) return;
    state = next;
    options.onState?.(next);
  };
  const send = (frame: string): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(frame);
  };
  const outbox = createOutbox({ maxPublications: maxOutbox, maxBytes: maxOutboxBytes, send });

  function connect(): void {
    clearTimeout(timer);
    setState("connecting");
    if (state === "closed") return; // by onState
    const own = new WebSocket(address, ["signalbox.v1"]);
    socket = own;
    own.addEventListener("open", () => {
      if (own !== socket) return;
      complained = false;
      setState("open");
      for (const frame of [...subscriptions.frames(), ...outbox.frames()]) send(frame);
      beat(own);
    });
    own.addEventListener("message", ({ data }) => {
      if (own !== socket) return;
      heard = true;
      attempt = 0; // not when it opens: a hub that lets us in only to cut us off is not asked again at once
      receive(JSON.parse(String(data)) as Reply | ({ t: "event" } & EventFrame));
    });
    own.addEventListener("close", () => lost(own));
  }

  /** Sends a ping and looks later whether anything has come since. */
  function beat(own: WebSocket): void {
    heard = false;
    send(PING);
    timer = setTimeout(() => {
      if (heard) beat(own);
      else lost(own);
    }, heartbeatMs);
  }

  function lost(own: WebSocket): void {
    if (own !== socket) return;
    socket = null;
    own.close();
    subscriptions.onCut();
    if (state === "connecting" && !complained) {
      complained = true;
      // Browsers do not say which (WebSockets §9.3.1), so that pages cannot search networks for hosts.
      const causes = "it is not running, the address or the key is wrong, or the page's origin is not among its --allow-origins";
      options.onError?.(new SignalboxError("CONNECT_FAILED", `The hub at ${options.url} did not let this client in: ${causes}.`));
    }
    if (state === "closed") return; // by onError
    clearTimeout(timer);
    timer = setTimeout(connect, retryDelayMs(attempt, Math.random()));
    attempt += 1;
    setState("waiting");
  }

  function receive(frame: Reply | ({ t: "event" } & EventFrame)): void {
    if (frame.t === "event") {
      const { t: _, ...event } = frame;
      return subscriptions.onEvent(event);
    }
    const { id = -1, seq = 0, code = "INTERNAL", message = "The hub does not say what is wrong." } = frame;
    if (frame.t === "subscribed") subscriptions.onSubscribed(id, seq);
    else if (frame.t === "live") subscriptions.onLive(id);
    else if (frame.t === "ack") outbox.resolve(id, seq);
    else if (frame.t === "error") {
      // A publication is sent again when the hub is back; and it is no matter that what is ended had been refused.
      if (code === "HUB_STOPPING" || code === "SUBSCRIPTION_NOT_FOUND") return;
      const error = new SignalboxError(code, message);
      if (!outbox.reject(id, error)) options.onError?.(error);
    }
  }

  /** Browsers tell when there is a network again: no need to wait any longer. */
  const onOnline = (): void => {
    if (state === "waiting") connect();
  };
  if (typeof globalThis.addEventListener === "function") globalThis.addEventListener("online", onOnline);

  connect();
  return {
    subscribe(filter, onEvent, { after } = {}) {
      ids += 1;
      const id = ids;
      send(subscriptions.add(id, filter, onEvent, after ?? null));
      return () => {
        if (subscriptions.remove(id)) send(JSON.stringify({ t: "unsubscribe", id, filter }));
      };
    },
    publish(topic, payload, { retain = false, contentType } = {}) {
      if (state === "closed") return Promise.reject(new SignalboxError("CLIENT_CLOSED", "This client is closed; make a new one."));
      ids += 1;
      const id = ids;
      const frame = JSON.stringify({ t: "publish", id, topic, ...toPayload(payload), retain, contentType, ack: true });
      return outbox.add(id, frame);
    },
    get state() {
      return state;
    },
    close() {
      if (state === "closed") return;
      clearTimeout(timer);
      if (typeof globalThis.removeEventListener === "function") globalThis.removeEventListener("online", onOnline);
      const last = socket;
      socket = null;
      last?.close(1000);
      outbox.rejectAll(new SignalboxError("CLIENT_CLOSED", "This client was closed before the hub had answered."));
      setState("closed");
    },
  };
}

function toAddress({ url, key }: ClientOptions): string {
  const address = new URL(`${url.replace(/\/$/, "")}/ws`);
  address.protocol = address.protocol.replace("http", "ws");
  if (key !== undefined) address.searchParams.set("key", key);
  return address.href;
}
