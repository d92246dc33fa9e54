import type { DesktopApi } from "../../main/contract/desktop.ts";

declare global {
  interface Window {
    readonly signalbox?: DesktopApi;
  }
}

/** What the desktop window offers; null in a browser. */
export const desktop: DesktopApi | null = window.signalbox ?? null;
