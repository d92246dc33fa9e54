import { EventEmitter } from "node:events";
import { app } from "./app.ts";
import { BrowserWindow } from "./browser-window.ts";
import type { Foreign } from "./foreign.ts";

export class MenuItem {
  [key: string]: Foreign;

  constructor(options: Foreign, menu?: Menu) {
    Object.assign(this, { enabled: true, visible: true, checked: false, type: options.submenu ? "submenu" : "normal" }, options);
    if (Array.isArray(options.submenu)) this["submenu"] = Menu.buildFromTemplate(options.submenu);
    this["click"] = (): void => {
      if (!this["enabled"]) return;
      if (this["type"] === "checkbox") this["checked"] = !this["checked"];
      if (this["type"] === "radio") for (const item of menu?.items ?? []) item["checked"] = item === this;
      if (this["role"] === "quit") app.quit();
      if (this["role"] === "close") BrowserWindow.getFocusedWindow()?.close();
      options.click?.(this, BrowserWindow.getFocusedWindow(), {});
    };
  }
}

export class Menu extends EventEmitter {
  static #application: Menu | null = null;
  static setApplicationMenu = (menu: Menu | null): void => void (Menu.#application = menu);
  static getApplicationMenu = (): Menu | null => Menu.#application;
  static buildFromTemplate(template: readonly Foreign[]): Menu {
    const menu = new Menu();
    for (const item of template) menu.append(item instanceof MenuItem ? item : new MenuItem(item, menu));
    return menu;
  }

  readonly items: MenuItem[] = [];
  append(item: MenuItem): void {
    this.items.push(item);
  }
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item["id"] === id ? item : item["submenu"]?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }
  popup(): void {
    this.emit("menu-will-show");
  }
}
