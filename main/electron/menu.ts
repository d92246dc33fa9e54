import type { MenuItemConstructorOptions } from "electron";
import type { MenuCommand } from "../contract/desktop.ts";
import type { Theme } from "./preferences.ts";

export interface MenuActions {
  command(command: MenuCommand): void;
  setTheme(theme: Theme): void;
  openInBrowser(): void;
  copyAddress(): void;
  revealDataFolder(): void;
  restartHub(): void;
  showLogFile(): void;
}

export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  readonly theme: Theme;
  /** Reload and developer tools are for those who run it from its sources. */
  readonly forDevelopers: boolean;
  readonly actions: MenuActions;
}

/** The application menu. What the page can do too, it does: its commands reach it through DesktopApi. */
export function toMenuTemplate({ platform, theme, forDevelopers, actions }: MenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === "darwin";
  const separator: MenuItemConstructorOptions = { type: "separator" };
  const command = (id: MenuCommand, label: string, accelerator: string, others: MenuItemConstructorOptions = {}) => ({
    id,
    label,
    accelerator,
    click: () => actions.command(id),
    ...others,
  });
  const themeItem = (id: Theme, label: string): MenuItemConstructorOptions => ({
    id: `theme-${id}`,
    label,
    type: "radio",
    checked: id === theme,
    click: () => actions.setTheme(id),
  });
  // The page listens for these keys itself, since they mean something else in a text field: here they are only shown.
  const byThePage = { registerAccelerator: false };
  return [
    ...(mac ? [{ role: "appMenu" } as const] : []),
    {
      label: "&File",
      submenu: [
        { id: "open-in-browser", label: "Open in &Browser", click: () => actions.openInBrowser() },
        { id: "copy-address", label: "&Copy Webhook Address", click: () => actions.copyAddress() },
        { id: "reveal-data-folder", label: "Show &Data Folder", click: () => actions.revealDataFolder() },
        separator,
        { id: "restart-hub", label: "&Restart Hub", click: () => actions.restartHub() },
        separator,
        { role: "close" },
        ...(mac ? [] : [{ role: "quit" } as const]),
      ],
    },
    { role: "editMenu" },
    {
      label: "&View",
      submenu: [
        command("find", "&Find Events", "CmdOrCtrl+F"),
        command("clear-filter", "&Clear Filter", "CmdOrCtrl+Shift+F"),
        command("pause", "&Pause or Resume", "Space", byThePage),
        command("palette", "Command P&alette", "CmdOrCtrl+K"),
        separator,
        { label: "&Theme", submenu: [themeItem("system", "&System"), themeItem("light", "&Light"), themeItem("dark", "&Dark")] },
        separator,
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { role: "togglefullscreen" },
        ...(forDevelopers ? [separator, { role: "reload" } as const, { role: "toggleDevTools" } as const] : []),
      ],
    },
    { role: "windowMenu" },
    {
      role: "help",
      submenu: [
        command("help", "&Keyboard Shortcuts", "?", byThePage),
        { id: "show-log-file", label: "Show &Log File", click: () => actions.showLogFile() },
        ...(mac ? [] : [{ role: "about" } as const]),
      ],
    },
  ];
}
