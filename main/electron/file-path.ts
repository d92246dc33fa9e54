import { resolve, sep } from "node:path";

/** The file that a URL's path stands for; null when it cannot be decoded or would lead out of the folder. */
export function toFilePath(folder: string, pathname: string): string | null {
  const root = resolve(folder);
  try {
    const path = resolve(root, `.${decodeURIComponent(pathname)}`);
    return (path === root || path.startsWith(root + sep)) && !path.includes("\0") ? path : null;
  } catch {
    return null;
  }
}
