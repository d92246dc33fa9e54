import type { CallName, CallParams, CallResult } from "./calls.ts";
import { encodeFrame, parseHubFrame } from "./codec.ts";
import { RefusalError, type Refusal } from "./errors.ts";
import type { FeedItem, FeedName, FeedParams, Gap } from "./feeds.ts";
import { CONTRACT_VERSION, type ClientFrame, type HubFrame } from "./frames.ts";
import type { Link } from "./link.ts";

/** What the hub said of itself when it let the client in. */
export interface Welcome {
  readonly hubVersion: string;
  readonly logId: string;
  /** The newest seq in the log at that moment. */
  readonly lastSeq: number;
}

/** `onItems` and `onGap` are called one at a time, in order; a promise they return holds the feed back until it is settled. */
export interface FeedHandlers<N extends FeedName> {
  /** For `events`: everything after `seq` will come. */
  readonly onOpened?: (seq: number) => void;
  readonly onItems: (items: readonly FeedItem<N>[]) => void | Promise<void>;
  readonly onGap: (gap: Gap) => void | Promise<void>;
  /** The hub ended it, refused it, or the link is gone; not called after the client's own `close()`. */
  readonly onEnd: (error: Refusal | null) => void;
}

export interface OpenFeed {
  close(): void;
}

export interface InspectorClient {
  readonly welcome: Welcome;
  /** Rejects with a RefusalError: the hub's refusal, or HUB_UNREACHABLE when the link is gone. */
  call<N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>>;
  open<N extends FeedName>(feed: N, params: FeedParams<N>, handlers: FeedHandlers<N>): OpenFeed;
  /** Called once when the link is gone, with the reason; at once when it is gone already. */
  onClose(listener: (reason: Refusal) => void): () => void;
  close(): void;
}

interface PendingCall {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: RefusalError) => void;
}

/** An open feed, with its item type forgotten: the hub is believed about what it sends. */
interface FeedState {
  readonly handlers: FeedHandlers<FeedName>;
  readonly waiting: (HubFrame & { t: "items" | "gap" })[];
  busy: boolean;
}

/** Says hello and waits for the welcome. Rejects with a RefusalError when the hub says goodbye or the link closes first. */
export function connectInspector(link: Link, options: { readonly token?: string | undefined } = {}): Promise<InspectorClient> {
  const calls = new Map<number, PendingCall>();
  const feeds = new Map<number, FeedState>();
  const closeListeners = new Set<(reason: Refusal) => void>();
  const entered = Promise.withResolvers<InspectorClient>();
  let gone: Refusal | null = null;
  let nextId = 1;

  const send = (frame: ClientFrame): void => link.send(encodeFrame(frame));

  const end = (reason: Refusal): void => {
    if (gone) return;
    gone = reason;
    entered.reject(new RefusalError(reason));
    for (const call of takeAll(calls)) call.reject(new RefusalError(reason));
    for (const feed of takeAll(feeds)) feed.handlers.onEnd(reason);
    for (const listener of closeListeners) listener(reason);
    closeListeners.clear();
  };

  const handleFrame = (frame: HubFrame): void => {
    switch (frame.t) {
      case "welcome":
        return entered.resolve(createClient(frame));
      case "goodbye":
        end(frame.error);
        return link.close(1000, "goodbye");
      case "result":
        return takeOne(calls, frame.id)?.resolve(frame.result);
      case "failure":
        return takeOne(calls, frame.id)?.reject(new RefusalError(frame.error));
      case "opened":
        return feeds.get(frame.id)?.handlers.onOpened?.(frame.seq);
      case "ended":
        return takeOne(feeds, frame.id)?.handlers.onEnd(frame.error);
      case "items":
      case "gap": {
        const feed = feeds.get(frame.id);
        if (!feed) return;
        feed.waiting.push(frame);
        if (!feed.busy) void deal(frame.id, feed);
      }
    }
  };

  /** Gives the feed's frames to its handlers one by one. What a handler throws is not caught, but its feed is closed. */
  const deal = async (id: number, feed: FeedState): Promise<void> => {
    feed.busy = true;
    try {
      for (let frame = feed.waiting.shift(); frame && feeds.has(id); frame = feed.waiting.shift()) {
        const done =
          frame.t === "items"
            ? feed.handlers.onItems(frame.items as readonly FeedItem<FeedName>[])
            : feed.handlers.onGap({ from: frame.from, to: frame.to });
        if (done) await done;
        if (feeds.has(id)) send({ t: "taken", id });
      }
      feed.busy = false;
    } finally {
      if (feed.busy && feeds.delete(id)) send({ t: "close", id });
    }
  };

  const createClient = (welcome: Welcome): InspectorClient => ({
    welcome: { hubVersion: welcome.hubVersion, logId: welcome.logId, lastSeq: welcome.lastSeq },
    call: <N extends CallName>(name: N, params: CallParams<N>) => {
      if (gone) return Promise.reject(new RefusalError(gone));
      const { promise, resolve, reject } = Promise.withResolvers<CallResult<N>>();
      const id = nextId++;
      calls.set(id, { resolve: (result) => resolve(result as CallResult<N>), reject });
      send({ t: "call", id, name, params });
      return promise;
    },
    open: (feed, params, handlers) => {
      const id = nextId++;
      if (gone) {
        handlers.onEnd(gone);
        return { close: () => {} };
      }
      feeds.set(id, { handlers: handlers as FeedHandlers<FeedName>, waiting: [], busy: false });
      send({ t: "open", id, feed, params });
      return {
        close: () => {
          if (feeds.delete(id)) send({ t: "close", id });
        },
      };
    },
    onClose: (listener) => {
      if (gone) listener(gone);
      else closeListeners.add(listener);
      return () => closeListeners.delete(listener);
    },
    close: () => {
      end({ code: "HUB_UNREACHABLE", message: "The connection to the hub was closed here." });
      link.close(1000, "closed");
    },
  });

  link.onClose((reason) => end({ code: "HUB_UNREACHABLE", message: `The connection to the hub is gone${reason ? ` (${reason})` : ""}.` }));
  link.onMessage((text) => {
    if (gone) return;
    const frame = parseHubFrame(text);
    if (frame.ok) return handleFrame(frame.value);
    end({ code: "HUB_UNREACHABLE", message: `What answers is not a Signalbox hub of this version. ${frame.refusal.message}` });
    link.close(1002, "bad frame");
  });
  send(
    options.token === undefined
      ? { t: "hello", version: CONTRACT_VERSION }
      : { t: "hello", version: CONTRACT_VERSION, token: options.token },
  );
  return entered.promise;
}

function takeOne<T>(open: Map<number, T>, id: number): T | undefined {
  const one = open.get(id);
  open.delete(id);
  return one;
}

function takeAll<T>(open: Map<number, T>): T[] {
  const all = [...open.values()];
  open.clear();
  return all;
}
