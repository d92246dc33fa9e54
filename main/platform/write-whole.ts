import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";

/** The whole file or what was there before, also over a loss of power; durable when this returns, readable by its owner alone. */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.new`;
  const handle = openSync(draft, "w", 0o600);
  try {
    fchmodSync(handle, 0o600); // a draft that was left behind keeps its mode otherwise
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, path);
}
