import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { chromium } from "./chromium.ts";
import type { Foreign } from "./foreign.ts";
import { IpcMain, ipcMain } from "./ipc-main.ts";
import { MessagePortMain } from "./message-ports.ts";
import { createPageRequests, PATTERNS } from "./page-requests.ts";
import { WORLD, writePageScripts } from "./page-scripts.ts";
import { createPortLink } from "./port-link.ts";
import { emitPreventable } from "./preventable.ts";
import { toAppUrl, toChromiumUrl } from "./protocol.ts";
import { defaultSession } from "./session.ts";
import { createCodec } from "./structured-clone.ts";

type OpenHandler = (details: { url: string }) => { action: string };

/** A page: a Chromium target, the two worlds of its document, and what goes between them and the main process. */
export class WebContents extends EventEmitter {
  static #count = 0;
  readonly id = ++WebContents.#count;
  readonly session = defaultSession;
  readonly ipc = new IpcMain();
  readonly #codec = createCodec();
  readonly #ports = createPortLink((message) => this.#post(message), "m");
  readonly attached: Promise<void>;
  readonly #own = new Set<string>();
  #devtools = "";
  #world = "";
  #queue: string[] = [];
  #open: OpenHandler = () => ({ action: "allow" });
  #url = "";
  target = "";
  destroyed = false;
  #loading = false;
  #crashed = false;

  constructor(options: Foreign) {
    super();
    this.attached = this.#attach(options);
  }

  async #attach({ width = 800, height = 600, webPreferences = {} }: Foreign): Promise<void> {
    this.target = (await chromium.send("Target.createTarget", { url: "about:blank", newWindow: true, width, height })).targetId;
    this.#devtools = (await chromium.send("Target.attachToTarget", { targetId: this.target, flatten: true })).sessionId;
    const handleRequest = createPageRequests({
      contentsId: this.id,
      send: this.cdp,
      isTopFrame: (frameId) => frameId === this.target,
      mayNavigate: (url) => this.#own.delete(url) || emitPreventable(this, "will-navigate", { url }, url),
    });
    chromium.on(this.#devtools, (method: string, params: Foreign) => {
      if (method === "Fetch.requestPaused") void handleRequest(params);
      else this.#handle(method, params);
    });
    const preload = webPreferences.preload ? readFileSync(webPreferences.preload, "utf8") : "";
    const source = writePageScripts(preload, randomUUID());
    await Promise.all([
      this.cdp("Page.enable"),
      this.cdp("Runtime.enable"),
      this.cdp("Runtime.addBinding", { name: "electronSend", executionContextName: WORLD }),
      this.cdp("Page.addScriptToEvaluateOnNewDocument", { source: source.main }),
      this.cdp("Page.addScriptToEvaluateOnNewDocument", { source: source.isolated, worldName: WORLD }),
      this.cdp("Fetch.enable", { patterns: PATTERNS }),
    ]);
  }

  isLoading = (): boolean => this.#loading;
  isCrashed = (): boolean => this.#crashed;

  cdp = (method: string, params?: object): Promise<Foreign> => chromium.send(method, params, this.#devtools);

  #handle(method: string, params: Foreign): void {
    const { context, frame } = params;
    if (method === "Runtime.bindingCalled" && params.name === "electronSend") void this.#receive(this.#codec.decode(params.payload));
    else if (method === "Runtime.executionContextCreated" && context.name === WORLD && context.auxData.frameId === this.target) {
      this.#ports.closeAll(); // those of the document before
      this.#world = context.uniqueId;
    } else if (method === "Page.frameNavigated" && frame.id === this.target) this.#url = toAppUrl(frame.url + (frame.urlFragment ?? ""));
    else if (method === "Page.navigatedWithinDocument" && params.frameId === this.target) this.#url = toAppUrl(params.url);
    else if (method === "Page.domContentEventFired") this.emit("dom-ready", {});
    else if (method === "Page.loadEventFired") {
      this.#loading = this.#crashed = false;
      this.emit("did-finish-load", {});
    } else if (method === "Inspector.targetCrashed") {
      this.#crashed = true;
      this.emit("render-process-gone", {}, { reason: "crashed", exitCode: 1 });
    } else if (method === "Runtime.consoleAPICalled") {
      const message = params.args.map((arg: Foreign) => arg.value ?? arg.description).join(" ");
      this.emit("console-message", { level: params.type, message });
    }
  }

  async #receive(message: Foreign): Promise<void> {
    if ("port" in message) return this.#ports.receive(message);
    if ("open" in message) {
      if (this.#open({ url: message.open }).action === "allow") this.emit("stand-in-open", message.open);
      return;
    }
    const ports = (message.ports ?? []).map((id: string) => new MessagePortMain(this.#ports.take(id)));
    const event = { sender: this, senderFrame: { url: this.#url, parent: null }, processId: 1, frameId: 1, ports, reply: this.send };
    if (!("invoke" in message)) {
      this.ipc.emit(message.channel, event, ...message.args);
      ipcMain.emit(message.channel, event, ...message.args);
      return;
    }
    try {
      const handler = this.ipc.handlers.get(message.channel) ?? ipcMain.handlers.get(message.channel);
      if (!handler) throw new Error(`No handler registered for '${message.channel}'`);
      this.#post({ reply: message.invoke, result: await handler(event, ...message.args) });
    } catch (error) {
      this.#post({ reply: message.invoke, error: `Error invoking remote method '${message.channel}': ${String(error)}` });
    }
  }

  /** Everything said in one turn of the event loop goes to the page at once. */
  #post(message: object): void {
    if (this.#queue.push(this.#codec.encode(message)) > 1) return;
    setImmediate(() => {
      const value = this.#queue;
      this.#queue = [];
      if (this.#world === "" || this.destroyed) return;
      const call = { functionDeclaration: "(texts) => electronReceive(texts)", arguments: [{ value }], uniqueContextId: this.#world };
      this.cdp("Runtime.callFunctionOn", call).catch(() => undefined); // the document was replaced meanwhile
    });
  }

  send = (channel: string, ...args: unknown[]): void => this.#post({ channel, args, ports: [] });
  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMain[] = []): void {
    this.#post({ channel, args: [message], ports: transfer.map((port) => this.#ports.give(port.raw)) });
  }

  async loadURL(url: string): Promise<void> {
    await this.attached;
    const { href } = new URL(url);
    this.#own.add(href);
    const loaded = new Promise((resolve) => void this.once("did-finish-load", resolve));
    this.#loading = true;
    const { errorText, loaderId } = await this.cdp("Page.navigate", { url: toChromiumUrl(href) });
    if (!errorText && loaderId !== undefined) return void (await loaded);
    this.#loading = false;
    if (errorText) throw new Error(`${errorText} loading '${href}'`);
    this.#own.delete(href); // only the fragment is another
  }
  reload(): void {
    this.#own.add(this.#url);
    this.#loading = true;
    void this.cdp("Page.reload");
  }
  async executeJavaScript(code: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.cdp("Runtime.evaluate", { expression: code, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception.description);
    return result.value;
  }
  getURL = (): string => this.#url;
  isDestroyed = (): boolean => this.destroyed;
  setWindowOpenHandler = (handler: OpenHandler): void => void (this.#open = handler);
  openDevTools(): void {}
}
