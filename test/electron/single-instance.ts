import { readFileSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Called by the first instance for each later one, with that one's command line and folder. */
export type SecondInstance = (argv: readonly string[], folder: string) => void;

/** One instance per user data folder. A later one leaves its command line there for the first to find, and gets false. */
export function takeInstanceLock(folder: string, onSecond: SecondInstance): boolean {
  const lock = join(folder, "instance.lock");
  const message = join(folder, "second-instance.json");
  if (isAlive(lock)) {
    writeFileSync(`${message}.new`, JSON.stringify({ argv: process.argv, folder: process.cwd() }));
    renameSync(`${message}.new`, message);
    return false;
  }
  writeFileSync(lock, String(process.pid));
  const watcher = watch(folder, (_event, name) => {
    const found = name === "second-instance.json" ? takeMessage(message) : null;
    if (found) onSecond(found.argv, found.folder);
  });
  process.on("exit", () => {
    watcher.close();
    rmSync(lock, { force: true });
  });
  return true;
}

function isAlive(lock: string): boolean {
  try {
    return process.kill(Number(readFileSync(lock, "utf8")), 0);
  } catch {
    return false;
  }
}

function takeMessage(path: string): { argv: string[]; folder: string } | null {
  try {
    const text = readFileSync(path, "utf8");
    rmSync(path);
    return JSON.parse(text) as { argv: string[]; folder: string };
  } catch {
    return null; // taken at an earlier notice of the same file
  }
}
