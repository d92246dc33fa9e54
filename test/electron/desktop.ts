// What is around the app on a desktop: nothing of it is shown, all of it is remembered for tests to look at.
import { EventEmitter } from "node:events";
import { existsSync } from "node:fs";
import type { Menu } from "./menu.ts";

export class Tray extends EventEmitter {
  static readonly all: Tray[] = [];
  toolTip = "";
  menu: Menu | null = null;

  constructor(image: string) {
    super();
    this.setImage(image);
    Tray.all.push(this);
  }
  setImage(image: string): void {
    if (typeof image === "string" && !existsSync(image)) throw new Error(`Failed to load image from path '${image}'`);
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu(menu: Menu | null): void {
    this.menu = menu;
  }
  destroy(): void {}
}

export class Notification extends EventEmitter {
  static readonly shown: Notification[] = [];
  static isSupported = (): boolean => true;
  readonly title: string;
  readonly body: string;

  constructor({ title = "", body = "" } = {}) {
    super();
    this.title = title;
    this.body = body;
  }
  show(): void {
    Notification.shown.push(this);
    this.emit("show", {});
  }
  close(): void {
    this.emit("close", {});
  }
}

export const dialog = {
  showOpenDialog: async () => ({ canceled: true, filePaths: [] as string[] }),
  showSaveDialog: async () => ({ canceled: true, filePath: "" }),
  showMessageBox: async () => ({ response: 0, checkboxChecked: false }),
  showErrorBox: (title: string, content: string) => console.error(`${title}: ${content}`),
};

export const shell = {
  openExternal: async (): Promise<void> => {},
  openPath: async (): Promise<string> => "",
  showItemInFolder(): void {},
  beep(): void {},
};

let copied = "";
export const clipboard = {
  async writeText(text: string): Promise<void> {
    copied = text;
  },
  readText: async (): Promise<string> => copied,
};

const area = { x: 0, y: 0, width: 1920, height: 1080 };
const display = { id: 1, bounds: area, workArea: area, scaleFactor: 1 };
export const screen = { getAllDisplays: () => [display], getPrimaryDisplay: () => display };
