import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where this platform keeps an application's data. XDG paths that are not absolute are to be ignored (XDG Base Directory, "Basics"). */
export function defaultDataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = env["HOME"] ?? homedir();
  if (platform === "darwin") return join(home, "Library", "Application Support", "Signalbox");
  if (platform === "win32") return join(env["APPDATA"] ?? join(home, "AppData", "Roaming"), "Signalbox");
  const xdg = env["XDG_DATA_HOME"];
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, ".local", "share"), "signalbox");
}
