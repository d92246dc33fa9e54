import { EventEmitter } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "./chromium.ts";
import { emitPreventable } from "./preventable.ts";
import { takeInstanceLock } from "./single-instance.ts";
import { windows } from "./window-list.ts";

export interface Identity {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly isPackaged: boolean;
}

const switches = new Map<string, string>();
for (const arg of process.argv) {
  const [, name, value] = /^--(user-data-dir|lang|force-device-scale-factor)=(.*)$/.exec(arg) ?? [];
  if (name !== undefined) switches.set(name, value ?? "");
}

class App extends EventEmitter {
  #identity: Identity = { folder: process.cwd(), name: "electron", version: "0.0.0", isPackaged: false };
  #isReady = false;
  #isQuitting = false;
  readonly #ready = Promise.withResolvers<void>();
  readonly #paths: Map<string, string>;
  readonly dock = undefined;

  constructor() {
    super();
    const userData = switches.get("user-data-dir") ?? makeUserData();
    mkdirSync(userData, { recursive: true });
    const home = homedir();
    this.#paths = new Map(
      Object.entries({
        userData,
        sessionData: userData,
        home,
        temp: tmpdir(),
        downloads: join(home, "Downloads"),
        logs: join(userData, "logs"),
      }),
    );
  }

  readonly commandLine = {
    appendSwitch: (name: string, value = "") => void switches.set(name, value),
    hasSwitch: (name: string) => switches.has(name),
    getSwitchValue: (name: string) => switches.get(name) ?? "",
  };
  get isPackaged(): boolean {
    return this.#identity.isPackaged;
  }
  whenReady = (): Promise<void> => this.#ready.promise;
  isReady = (): boolean => this.#isReady;
  getName = (): string => this.#identity.name;
  getVersion = (): string => this.#identity.version;
  getAppPath = (): string => this.#identity.folder;
  getLocale = (): string => "en-US";
  enableSandbox(): void {}
  setAppUserModelId(): void {}
  setAsDefaultProtocolClient = (): boolean => true;
  requestSingleInstanceLock = (): boolean =>
    takeInstanceLock(this.getPath("userData"), (argv, folder) => this.emit("second-instance", {}, argv, folder, null));
  setPath = (name: string, path: string): void => void this.#paths.set(name, path);
  getPath(name: string): string {
    const path = this.#paths.get(name);
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  }

  identify(identity: Identity): void {
    this.#identity = identity;
  }

  /** Starts Chromium; then the app is ready. */
  async start(): Promise<void> {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => this.quit());
    switches.set("user-data-dir", join(this.getPath("sessionData"), "chromium"));
    await chromium.start([...switches].map(([name, value]) => (value === "" ? name : `${name}=${value}`)));
    chromium.on("close", () => this.exit(0));
    this.#isReady = true;
    this.emit("ready", {}, {});
    this.#ready.resolve();
  }

  /** A window was closed: the last one ends the app, unless it listens and decides otherwise. */
  windowClosed(): void {
    if (windows.size === 0 && !this.#isQuitting && !this.emit("window-all-closed")) this.quit();
  }

  quit(): void {
    if (this.#isQuitting || !emitPreventable(this, "before-quit")) return;
    this.#isQuitting = true;
    for (const window of windows) window.close();
    if (windows.size === 0 && emitPreventable(this, "will-quit")) this.exit(0);
    this.#isQuitting = false;
  }

  exit(code = 0): void {
    this.emit("quit", {}, code);
    process.exit(code);
  }
}

function makeUserData(): string {
  const folder = mkdtempSync(join(tmpdir(), "electron-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export const app = new App();
