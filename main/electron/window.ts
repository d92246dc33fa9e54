import { BrowserWindow, nativeTheme, screen } from "electron";
import { GO, type DesktopChannel } from "../contract/desktop.ts";
import { isPageUrl, PAGE_URL } from "./page-origin.ts";
import type { PreferencesFile, WindowBounds } from "./preferences.ts";

export interface WindowOptions {
  readonly preload: string;
  readonly icon: string;
  readonly preferences: PreferencesFile;
  readonly note: (text: string) => void;
}

const FIRST_SIZE = { width: 1280, height: 820 };

/** The one window, with everything a page could misuse switched off, where it was when it was last closed. */
export function createWindow({ preload, icon, preferences, note }: WindowOptions): BrowserWindow {
  const { bounds, maximized } = preferences.get();
  const window = new BrowserWindow({
    ...(bounds && isVisible(bounds) ? bounds : FIRST_SIZE),
    minWidth: 640,
    minHeight: 420,
    show: false,
    title: "Signalbox",
    icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? "#14171c" : "#ffffff",
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  if (maximized) window.maximize();
  window.once("ready-to-show", () => window.show());
  window.on("close", () => preferences.set({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }));
  reloadAfterCrash(window, note);
  return window;
}

/** Brings the window to the front and, when given one of its addresses, to that page: by itself where it is there, or it would lose what it shows. */
export function showWindow(window: BrowserWindow, url?: string): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  if (!url) return;
  const { webContents } = window;
  if (webContents.isLoading() || webContents.isCrashed() || !isPageUrl(webContents.getURL())) return loadPage(window, url);
  const { pathname, search } = new URL(url);
  webContents.send("page:command" satisfies DesktopChannel, `${GO}${pathname}${search}`);
}

export function loadPage(window: BrowserWindow, url = PAGE_URL): void {
  window.loadURL(url).catch((error: unknown) => console.error(`The window could not show ${url}: ${String(error)}`));
}

/** A screen may have been unplugged since: the title bar must be within one that is there. */
function isVisible({ x, y, width }: WindowBounds): boolean {
  return screen
    .getAllDisplays()
    .some(
      ({ workArea }) => y >= workArea.y && y < workArea.y + workArea.height && x + width > workArea.x && x < workArea.x + workArea.width,
    );
}

/** The page's process may end by itself (out of memory): the page is loaded again, but not for ever. */
function reloadAfterCrash(window: BrowserWindow, note: (text: string) => void): void {
  let reloads = 0;
  window.webContents.on("render-process-gone", (_event, { reason }) => {
    if (reason === "clean-exit" || reloads >= 3) return;
    reloads += 1;
    note(`The window's process ended (${reason}); its page is loaded again.`);
    window.webContents.reload();
  });
}
