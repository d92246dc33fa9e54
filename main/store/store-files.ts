import { statSync } from "node:fs";
import { join } from "node:path";

/** What a data folder holds of the store. Only the log is the truth; the index can be deleted at any time. */
export interface StoreFiles {
  readonly folder: string;
  readonly log: string;
  readonly index: string;
  readonly lock: string;
}

export function toStoreFiles(folder: string): StoreFiles {
  return { folder, log: join(folder, "signalbox.db"), index: join(folder, "index.db"), lock: join(folder, "signalbox.lock") };
}

/** SQLite keeps a database in up to three files, which must stay together. */
export const FILE_SUFFIXES = ["", "-wal", "-shm"] as const;

/** 0 when there is no such file. */
export function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
