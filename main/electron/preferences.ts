import { readFileSync, renameSync, writeFileSync } from "node:fs";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export interface WindowBounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What this computer's desktop app remembers; everything about the hub is in its data folder. */
export interface Preferences {
  readonly theme: Theme;
  readonly bounds: WindowBounds | null;
  readonly maximized: boolean;
  /** The person was told once that closing the window leaves the hub running. */
  readonly toldAboutTray: boolean;
}

export interface PreferencesFile {
  get(): Preferences;
  /** Written at once; what cannot be written is only kept until the app ends. */
  set(change: Partial<Preferences>): void;
}

/** A missing or unreadable file means the initial preferences: nothing in it is worth refusing to start. */
export function openPreferences(path: string): PreferencesFile {
  let current = parsePreferences(readText(path));
  return {
    get: () => current,
    set(change) {
      current = { ...current, ...change };
      try {
        writeFileSync(`${path}.new`, `${JSON.stringify(current, null, 2)}\n`, { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch (error) {
        console.error(`The window's place and theme cannot be remembered in ${path}: ${(error as Error).message}`);
      }
    },
  };
}

export function parsePreferences(text: string): Preferences {
  const value = parseObject(text);
  return {
    theme: THEMES.find((theme) => theme === value["theme"]) ?? "system",
    bounds: parseBounds(value["bounds"]),
    maximized: value["maximized"] === true,
    toldAboutTray: value["toldAboutTray"] === true,
  };
}

function parseBounds(value: unknown): WindowBounds | null {
  if (!isRecord(value)) return null;
  const [x, y, width, height] = ["x", "y", "width", "height"]
    .map((key) => value[key])
    .map((one) => (Number.isInteger(one) ? Number(one) : null));
  if (x == null || y == null || width == null || height == null || width <= 0 || height <= 0) return null;
  return { x, y, width, height };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
