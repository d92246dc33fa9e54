import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a running hub leaves in its data folder for the command line: `hub.json`. */
export interface HubFile {
  readonly pid: number;
  /** Base URLs; null for a listener that is off. */
  readonly inspector: string | null;
  readonly ingress: string | null;
  readonly startedAt: number;
}

/** Whole or not at all: written aside, then renamed. */
export function writeHubFile(dataFolder: string, content: HubFile): void {
  const path = join(dataFolder, "hub.json");
  writeFileSync(`${path}.new`, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Only this process's own. */
export function removeHubFile(dataFolder: string): void {
  const path = join(dataFolder, "hub.json");
  try {
    const { pid } = JSON.parse(readFileSync(path, "utf8")) as Partial<HubFile>;
    if (pid === process.pid) rmSync(path);
  } catch {
    // Gone, or no longer anyone's: nothing to remove.
  }
}
