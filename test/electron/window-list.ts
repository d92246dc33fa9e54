import type { BrowserWindow } from "./browser-window.ts";

/** The windows there are, oldest first. Apart from the class, so that `app` can close them without importing it. */
export const windows = new Set<BrowserWindow>();
