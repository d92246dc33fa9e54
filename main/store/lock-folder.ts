import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { RefusalError } from "../contract/errors.ts";
import { makeFolders } from "../platform/make-folders.ts";
import { sqliteCode } from "./store-fault.ts";
import { FILE_SUFFIXES, type StoreFiles } from "./store-files.ts";

export interface FolderLock {
  release(): void;
}

/**
 * Makes the data folder when there is none, sees that it can be written, and takes it for this process alone: an
 * exclusive lock on a tiny SQLite file, which the system frees however the process ends, so that nothing stale remains.
 * Throws RefusalError: STORE_READ_ONLY, STORE_LOCKED.
 */
export function lockFolder(files: StoreFiles): FolderLock {
  try {
    makeFolders(files.folder);
  } catch (error) {
    throw notWritable(files.folder, error);
  }
  const present = FILE_SUFFIXES.map((suffix) => files.log + suffix).filter((path) => existsSync(path));
  for (const path of [files.folder, ...present]) {
    try {
      accessSync(path, constants.R_OK | constants.W_OK);
    } catch (error) {
      throw notWritable(path, error);
    }
  }
  return takeLock(files);
}

function takeLock(files: StoreFiles): FolderLock {
  let db: Database.Database | undefined;
  try {
    db = new Database(files.lock, { timeout: 0 });
    db.pragma("journal_mode = MEMORY"); // Nothing is ever written: no journal file that could stay behind.
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db?.close();
    const code = sqliteCode(error);
    if (code?.startsWith("SQLITE_BUSY")) throw locked(files.folder);
    if (code !== null && /^SQLITE_(READONLY|CANTOPEN|IOERR|PERM|FULL)/.test(code)) throw notWritable(files.folder, error);
    throw error;
  }
  const held = db;
  return { release: () => held.close() };
}

function locked(folder: string): RefusalError {
  const pid = holderOf(folder);
  const who = pid === null ? "Another Signalbox" : `Another Signalbox (process ${pid})`;
  return new RefusalError({
    code: "STORE_LOCKED",
    message: `${who} is using the data folder ${folder}. Stop it first, or start this one with another folder (--data or SIGNALBOX_DATA).`,
    details: { folder, pid },
  });
}

/** The running hub writes who it is to `hub.json`; it may be missing or half written. */
function holderOf(folder: string): number | null {
  try {
    const { pid } = JSON.parse(readFileSync(join(folder, "hub.json"), "utf8")) as { pid?: unknown };
    return typeof pid === "number" ? pid : null;
  } catch {
    return null;
  }
}

function notWritable(path: string, error: unknown): RefusalError {
  const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
  return new RefusalError({
    code: "STORE_READ_ONLY",
    message: `Signalbox cannot write ${path} (${why}). Give the user it runs as the right to write there, or choose another folder (--data or SIGNALBOX_DATA).`,
    details: { path, why },
  });
}
