import { EventEmitter } from "node:events";
import { app } from "./app.ts";
import { chromium } from "./chromium.ts";
import type { Foreign } from "./foreign.ts";
import { nativeTheme } from "./native-theme.ts";
import { emitPreventable } from "./preventable.ts";
import { WebContents } from "./web-contents.ts";
import { windows } from "./window-list.ts";

interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A window: its page is real, its frame (bounds, visibility) is only remembered. */
export class BrowserWindow extends EventEmitter {
  static getAllWindows = (): BrowserWindow[] => [...windows];
  static getFocusedWindow = (): BrowserWindow | null => BrowserWindow.getAllWindows().at(-1) ?? null;
  static fromWebContents = (contents: WebContents): BrowserWindow | null =>
    BrowserWindow.getAllWindows().find((window) => window.webContents === contents) ?? null;

  readonly webContents: WebContents;
  #bounds: Bounds;
  #isVisible: boolean;
  #isMaximized = false;

  constructor(options: Foreign = {}) {
    super();
    if (!app.isReady()) throw new Error("Cannot create BrowserWindow before app is ready");
    const { x = 0, y = 0, width = 800, height = 600, show } = options;
    this.#bounds = { x, y, width, height };
    this.#isVisible = show !== false;
    this.webContents = new WebContents(options);
    app.emit("web-contents-created", {}, this.webContents);
    void nativeTheme.apply(this.webContents);
    this.webContents.once("did-finish-load", () => this.emit("ready-to-show"));
    this.webContents.on("stand-in-open", (url: string) => void new BrowserWindow().loadURL(url));
    windows.add(this);
  }
  get id(): number {
    return this.webContents.id;
  }
  loadURL = (url: string): Promise<void> => this.webContents.loadURL(url);
  loadFile = (path: string): Promise<void> => this.webContents.loadURL(new URL(path, `file://${app.getAppPath()}/`).href);
  getBounds = (): Bounds => this.#bounds;
  getNormalBounds = (): Bounds => this.#bounds;
  setBounds = (bounds: Partial<Bounds>): void => void (this.#bounds = { ...this.#bounds, ...bounds });
  isDestroyed = (): boolean => this.webContents.destroyed;
  isVisible = (): boolean => this.#isVisible;
  isMinimized = (): boolean => false;
  isMaximized = (): boolean => this.#isMaximized;
  maximize = (): void => void (this.#isMaximized = true);
  restore(): void {}
  setTitle(): void {}
  show(): void {
    this.#isVisible = true;
    this.emit("show");
  }
  hide(): void {
    this.#isVisible = false;
    this.emit("hide");
  }
  focus(): void {
    void this.webContents.cdp("Page.bringToFront");
  }
  close(): void {
    if (!this.isDestroyed() && emitPreventable(this, "close")) this.destroy();
  }
  destroy(): void {
    windows.delete(this);
    this.webContents.destroyed = true;
    chromium.send("Target.closeTarget", { targetId: this.webContents.target }).catch(() => undefined);
    this.emit("closed");
    app.windowClosed();
  }
}

export const webContents = {
  fromId: (id: number) => webContents.getAllWebContents().find((contents) => contents.id === id),
  /** Playwright finds a page's window by this. */
  fromDevToolsTargetId: (target: string) => webContents.getAllWebContents().find((contents) => contents.target === target),
  getAllWebContents: (): WebContents[] => [...windows].map((window) => window.webContents),
};
