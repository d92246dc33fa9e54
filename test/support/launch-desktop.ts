import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { _electron, type ElectronApplication, type Page } from "playwright";
import type { DesktopApi } from "../../main/contract/desktop.ts";
import { eventually } from "./eventually.ts";

declare global {
  interface Window {
    readonly signalbox?: DesktopApi;
  }
}

const ROOT = resolve(import.meta.dirname, "../..");

export const STAND_IN = join(ROOT, "test/electron/electron");

/** Electron's own program where it is installed and can show a window; otherwise the stand-in, which the tests cannot tell from it. */
export function electronProgram(): string {
  const override = process.env["ELECTRON_OVERRIDE_DIST_PATH"];
  const folder = join(ROOT, "node_modules/electron");
  const name = existsSync(join(folder, "path.txt")) ? readFileSync(join(folder, "path.txt"), "utf8") : "electron";
  const real = join(override ?? join(folder, "dist"), name);
  const hasDisplay = process.platform !== "linux" || Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]);
  return existsSync(real) && (hasDisplay || override !== undefined) ? real : STAND_IN;
}

/** The command line that starts the app on files of its own. Chromium's sandbox refuses to be set up by root, as in a container. */
export function electronArgs(target: string, userData: string): string[] {
  return [target, `--user-data-dir=${userData}`, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])];
}

export interface TestDesktop {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** The app's own files, apart from the hub's data folder. */
  readonly userData: string;
  readonly dataFolder: string;
  /** What the hub that runs now wrote into its data folder; waits until there is one. */
  hub(): Promise<{ readonly pid: number; readonly ingress: string; readonly inspector: string }>;
  /** Quits the app as a person would, and removes what it left. May be called twice. */
  close(): Promise<void>;
}

export interface LaunchOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments after the app's own. */
  readonly args?: readonly string[];
  /** Runs before the app is started. */
  readonly prepare?: (dataFolder: string) => void;
  /** The app: its folder, or a packaged app.asar. */
  readonly target?: string;
  readonly program?: string;
}

/** Starts the built desktop app with folders of its own and free ports, and waits for its window. */
export async function launchDesktop({
  env = {},
  args = [],
  prepare,
  target = ROOT,
  program = electronProgram(),
}: LaunchOptions = {}): Promise<TestDesktop> {
  if (!existsSync(join(ROOT, "dist/main/electron/app.js"))) throw new Error("The desktop app is not built. Run: npm run build");
  const folder = mkdtempSync(join(tmpdir(), "signalbox-desktop-"));
  const [userData, dataFolder] = [join(folder, "user"), join(folder, "data")];
  prepare?.(dataFolder);
  const settings = {
    SIGNALBOX_DATA: dataFolder,
    SIGNALBOX_INGRESS: "127.0.0.1:0",
    SIGNALBOX_INSPECTOR: "127.0.0.1:0",
    SIGNALBOX_LOG: "error",
  };
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(SIGNALBOX_|NODE_TEST_CONTEXT)/.test(name)));
  const app = await _electron.launch({
    executablePath: program,
    args: [...electronArgs(target, userData), ...args],
    env: { ...clean, ...settings, ...env },
    cwd: folder,
    colorScheme: null,
  });
  const page = await app.firstWindow();
  await page.waitForURL(/signalbox/); // it begins as about:blank
  let closed = false;
  return {
    app,
    page,
    userData,
    dataFolder,
    hub: () => eventually("the hub says where it listens", () => readHubFile(dataFolder)),
    async close() {
      if (closed) return;
      closed = true;
      await app.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function readHubFile(dataFolder: string): { pid: number; ingress: string; inspector: string } | null {
  try {
    return JSON.parse(readFileSync(join(dataFolder, "hub.json"), "utf8")) as { pid: number; ingress: string; inspector: string };
  } catch {
    return null;
  }
}
