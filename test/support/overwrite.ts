import { closeSync, openSync, writeSync } from "node:fs";

/** Writes noise over part of a file, as a failing disk might. */
export function overwrite(path: string, offset: number, length: number): void {
  const file = openSync(path, "r+");
  try {
    writeSync(file, Buffer.alloc(length, 0xa5), 0, length, offset);
  } finally {
    closeSync(file);
  }
}
