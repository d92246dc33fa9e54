// What runs in the page, by source text, in two real V8 worlds of the same document: what one holds the other cannot
// reach, and all that crosses between them is cloned by Chromium. So these functions use nothing from outside themselves.
import type { Callback, Foreign } from "./foreign.ts";
import type { createPortLink } from "./port-link.ts";
import type { createCodec } from "./structured-clone.ts";

/** Values cross between the worlds as clones in the detail of a DOM event; functions cross as numbers to call back. */
export function createBridge(me: string, other: string) {
  const functions: Callback[] = [];
  const named: Record<string, Callback> = {};
  let answer: Foreign;

  const isPlain = (value: Foreign): boolean => Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));
  const out = (value: Foreign, seen = new Map<unknown, unknown>()): unknown => {
    if (seen.has(value)) return seen.get(value);
    if (typeof value === "function") return { $function: functions.push(value) - 1 };
    if (value instanceof Promise) return { $promise: functions.push((ok: Callback, no: Callback) => void value.then(ok, no)) - 1 };
    if (!value || typeof value !== "object" || !isPlain(value)) return value;
    const copy: Foreign = Array.isArray(value) ? [] : {};
    seen.set(value, copy);
    for (const [key, item] of Object.entries(value)) copy[key] = out(item, seen);
    return copy;
  };
  const into = (value: Foreign, seen = new Set<unknown>()): Foreign => {
    if (!value || typeof value !== "object" || !isPlain(value) || seen.has(value)) return value;
    if ("$function" in value) return (...args: unknown[]) => call(value.$function, args);
    if ("$promise" in value) return new Promise((ok, no) => void call(value.$promise, [ok, no]));
    seen.add(value);
    for (const [key, item] of Object.entries(value)) value[key] = into(item, seen);
    return value;
  };
  const call = (target: number | string, args: readonly unknown[]): Foreign => {
    document.dispatchEvent(new CustomEvent(other, { detail: { target, args: out(args) } }));
    const { error, result } = answer;
    if (error) throw new Error(error);
    return into(result);
  };
  document.addEventListener(me, (event) => {
    const { target, args, reply } = (event as CustomEvent).detail;
    if (reply) {
      answer = reply;
      return;
    }
    const send = (detail: unknown) => document.dispatchEvent(new CustomEvent(other, { detail: { reply: detail } }));
    try {
      const run = typeof target === "string" ? named[target]! : functions[target]!;
      send({ result: out(run(...into(args))) });
    } catch (error) {
      send({ error: (error as Error).message ?? String(error) });
    }
  });
  return { call, named };
}

/** The page's own world: takes what the preload exposes, and asks the main process before a window is opened. */
export function setUpMainWorld(bridge: ReturnType<typeof createBridge>): void {
  const freeze = (value: Foreign): Foreign => {
    if (!value || typeof value !== "object" || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value;
    Object.freeze(value);
    for (const item of Object.values(value)) freeze(item);
    return value;
  };
  bridge.named["expose"] = (key: string, api: unknown) => {
    if (key in window) throw new Error("Cannot bind an API on top of an existing property on the window object");
    Object.defineProperty(window, key, { value: freeze(api), enumerable: true });
  };
  // A new window is the main process's to allow; Chromium must not make one first, since it cannot be taken back unseen.
  window.open = (url = "about:blank") => {
    bridge.call("open", [new URL(url, location.href).href]);
    return null;
  };
  document.addEventListener("click", (event) => {
    const anchor = (event.target as Element).closest<HTMLAnchorElement>("a[target=_blank]");
    if (!anchor || event.defaultPrevented) return;
    event.preventDefault();
    window.open(anchor.href);
  });
}

export interface IsolatedWorldParts {
  readonly bridge: ReturnType<typeof createBridge>;
  readonly codec: ReturnType<typeof createCodec>;
  readonly createPortLink: typeof createPortLink;
  readonly runPreload: (require: Callback, process: object) => void;
  readonly info: object;
}

/** The preload's world: the `electron` module of a sandboxed renderer, over one binding to the main process. */
export function setUpIsolatedWorld({ bridge, codec, createPortLink, runPreload, info }: IsolatedWorldParts): void {
  const post = (globalThis as Foreign).electronSend as (text: string) => void;
  const send = (message: object): void => post(codec.encode(message));
  const ports = createPortLink(send, "p");
  const listeners = new Map<string, Set<Callback>>();
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let count = 0;
  bridge.named["open"] = (url: string) => send({ open: url });

  const ipcRenderer = {
    invoke(channel: string, ...args: unknown[]) {
      count += 1;
      send({ invoke: count, channel, args });
      const reply = Promise.withResolvers<unknown>();
      waiting.set(count, reply);
      return reply.promise;
    },
    send: (channel: string, ...args: unknown[]) => send({ channel, args, ports: [] }),
    postMessage: (channel: string, message: unknown, transfer: readonly MessagePort[] = []) =>
      send({ channel, args: [message], ports: transfer.map(ports.give) }),
    sendSync() {
      throw new Error("ipcRenderer.sendSync is not supported by the stand-in");
    },
    on(channel: string, listener: Callback) {
      if (!listeners.has(channel)) listeners.set(channel, new Set());
      listeners.get(channel)!.add(listener);
      return ipcRenderer;
    },
    off(channel: string, listener: Callback) {
      listeners.get(channel)?.delete(listener);
      return ipcRenderer;
    },
    once(channel: string, listener: Callback) {
      const once = (...args: unknown[]): void => {
        ipcRenderer.off(channel, once);
        listener(...args);
      };
      return ipcRenderer.on(channel, once);
    },
    removeListener: (channel: string, listener: Callback) => ipcRenderer.off(channel, listener),
    removeAllListeners(channel: string) {
      listeners.delete(channel);
      return ipcRenderer;
    },
  };

  const receive = (message: Foreign): void => {
    if ("reply" in message) {
      const reply = waiting.get(message.reply);
      waiting.delete(message.reply);
      if (message.error === undefined) reply?.resolve(message.result);
      else reply?.reject(new Error(message.error));
    } else if ("port" in message) ports.receive(message);
    else {
      const event = { sender: ipcRenderer, senderId: 0, ports: message.ports.map(ports.take) };
      for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args);
    }
  };
  (globalThis as Foreign).electronReceive = (texts: readonly string[]) => {
    for (const text of texts) receive(codec.decode(text));
  };

  const contextBridge = { exposeInMainWorld: (key: string, api: unknown) => bridge.call("expose", [key, api]) };
  const electron = { contextBridge, ipcRenderer, webUtils: { getPathForFile: () => "" }, webFrame: {} };
  runPreload((name: string) => {
    if (name === "electron" || name.startsWith("electron/")) return electron;
    throw new Error(`module not found: ${name}`);
  }, info);
}
