// Chromium, started as Electron would start its own, and a minimal DevTools protocol client.
import { spawn, type ChildProcess } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import type { Foreign } from "./foreign.ts";

const PATH = "/usr/bin/chromium";
const QUIET = ["disable-background-networking", "disable-component-update", "disable-sync", "disable-quic", "no-first-run"];
const SWITCHES = [...QUIET, "no-startup-window", "no-sandbox", "disable-gpu", "no-default-browser-check", "password-store=basic"];

/** Emits (method, params) under each DevTools session's id, and "close" when Chromium is gone. */
class Chromium extends EventEmitter {
  #socket: WebSocket | null = null;
  #waiting = new Map<number, PromiseWithResolvers<Foreign>>();
  #count = 0;
  #process: ChildProcess | null = null;

  async start(switches: readonly string[]): Promise<void> {
    const headless = process.env["DISPLAY"] ? [] : ["headless"];
    const args = [...switches, ...headless, ...SWITCHES, "remote-debugging-port=0"].map((name) => `--${name}`);
    const child = spawn(PATH, args, { stdio: ["ignore", "ignore", "pipe"] });
    this.#process = child;
    const socket = new WebSocket(await this.#address(child));
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#receive(JSON.parse(String(data))));
    socket.addEventListener("close", () => this.emit("close"));
    await once(socket, "open");
  }

  #address(child: ChildProcess): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    createInterface(child.stderr!).on("line", (line) => {
      const address = /^DevTools listening on (ws:.*)$/.exec(line)?.[1];
      if (address === undefined) return;
      console.error(line); // Playwright's _electron.launch waits for this very line.
      resolve(address);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`Chromium ended with ${code} before it listened`)));
    return promise;
  }

  #receive({ id, result, error, method, params, sessionId }: Foreign): void {
    if (id === undefined) return void this.emit(sessionId ?? "browser", method, params);
    if (error) this.#waiting.get(id)?.reject(new Error(error.message));
    else this.#waiting.get(id)?.resolve(result);
    this.#waiting.delete(id);
  }

  send(method: string, params: object = {}, sessionId?: string): Promise<Foreign> {
    this.#count += 1;
    const waiting = Promise.withResolvers<Foreign>();
    this.#waiting.set(this.#count, waiting);
    this.#socket?.send(JSON.stringify({ id: this.#count, method, params, sessionId }));
    return waiting.promise;
  }

  kill(): void {
    this.#process?.kill();
  }
}

export const chromium = new Chromium();
process.on("exit", () => chromium.kill());
