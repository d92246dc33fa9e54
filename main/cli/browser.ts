import { spawn } from "node:child_process";
import { once } from "node:events";
import type { CliIo } from "./io.ts";

/** Is there a screen that a browser could open on? */
export function hasDisplay(env: CliIo["env"], platform: NodeJS.Platform): boolean {
  return platform === "darwin" || platform === "win32" || Boolean(env["DISPLAY"]) || Boolean(env["WAYLAND_DISPLAY"]);
}

/** Asks the system to show a URL; false when it could not be asked. */
export async function openBrowser(url: string, platform: NodeJS.Platform): Promise<boolean> {
  const [command, ...args] =
    platform === "darwin" ? ["open", url] : platform === "win32" ? ["rundll32", "url.dll,FileProtocolHandler", url] : ["xdg-open", url];
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  const started = await once(child, "spawn").then(
    () => true,
    () => false,
  );
  child.unref();
  return started;
}
