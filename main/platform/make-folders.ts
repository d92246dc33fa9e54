import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it that are missing, for this user alone. Not mkdir's own `recursive`: where a parent
 * takes no folders, as in /proc, Node's never comes back. Throws what the system says.
 */
export function makeFolders(folder: string): void {
  const isThere = (): boolean => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isThere()) return;
  const parent = dirname(folder); // at last "/" or ".", which are there
  if (!existsSync(parent)) makeFolders(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!isThere()) throw error; // another program may have been faster
  }
}
