import { renameSync, rmSync } from "node:fs";
import Database from "better-sqlite3";
import { RefusalError } from "../contract/errors.ts";
import { copyReadable, type CopiedCounts, type CopyProgress } from "./copy-readable.ts";
import { inspectFile } from "./inspect-file.ts";
import { lockFolder } from "./lock-folder.ts";
import { countIfSound, createLogFile, damaged, readAlone, syncFolder } from "./open-log.ts";
import { isUnreadable } from "./read-damaged.ts";
import { sqliteCode, toOpenRefusal } from "./store-fault.ts";
import { FILE_SUFFIXES, fileBytes, toStoreFiles, type StoreFiles } from "./store-files.ts";

export interface Salvaged extends CopiedCounts {
  readonly sound: boolean;
  /** The new log, which is in its place now. */
  readonly log: string;
  /** Where the old file is kept. */
  readonly kept: string;
}

export interface Sound {
  readonly sound: true;
  readonly log: string;
  readonly kept: null;
  /** How many events there are, every one readable. */
  readonly events: number;
}

export interface SalvageOptions {
  /** Epoch ms; it becomes part of the old file's new name. */
  readonly now: number;
  /** Writes a sound log anew as well. */
  readonly force: boolean;
  readonly onProgress: (progress: CopyProgress) => void;
}

/**
 * Writes what can be read of a damaged log to a new one, with the same ids and seqs, and puts that in its place. The old
 * file is only read, and renamed at the end; a sound one is left as it is. Throws RefusalError: STORE_LOCKED,
 * STORE_READ_ONLY, STORE_FOREIGN, STORE_NEWER, STORE_FULL, STORE_DAMAGED when nothing can be read at all, STORE_MISSING
 * when there is no log; nothing is made then.
 */
export function salvage(folder: string, { now, force, onProgress }: SalvageOptions): Salvaged | Sound {
  const files = toStoreFiles(folder);
  if (fileBytes(files.log) === 0) throw missing(folder);
  const lock = lockFolder(files);
  try {
    if (inspectFile(files.log) === "missing") throw missing(folder);
    const events = countIfSound(files.log);
    if (events !== null && !force) return { sound: true, log: files.log, kept: null, events };
    const saved = `${files.log}.salvaged`;
    const counts = writeReadable(files, saved, onProgress);
    const kept = `${files.log}.${events === null ? "damaged" : "before"}-${toStamp(now)}`;
    for (const suffix of FILE_SUFFIXES) renameIfThere(files.log + suffix, kept + suffix);
    renameSync(saved, files.log);
    syncFolder(folder);
    for (const suffix of FILE_SUFFIXES) rmSync(files.index + suffix, { force: true });
    return { ...counts, sound: events !== null, log: files.log, kept };
  } catch (error) {
    if (sqliteCode(error) === null) throw error;
    throw new RefusalError(toOpenRefusal(error, folder, files.log));
  } finally {
    lock.release();
  }
}

function missing(folder: string): RefusalError {
  const message = `There is no log in ${folder}. Name the data folder with --data or SIGNALBOX_DATA.`;
  return new RefusalError({ code: "STORE_MISSING", message, details: { folder } });
}

function writeReadable(files: StoreFiles, path: string, onProgress: (progress: CopyProgress) => void): CopiedCounts {
  for (const suffix of FILE_SUFFIXES) rmSync(path + suffix, { force: true });
  return readAlone(files.log, (from) => {
    if (!hasContents(from)) throw damaged(files, null, []);
    createLogFile(files, readLogId(from) ?? undefined, path);
    const to = new Database(path, { fileMustExist: true });
    try {
      to.pragma("synchronous = NORMAL"); // Synced once, at the end: until then the damaged file is all there is.
      const counts = copyReadable(from, to, onProgress);
      to.pragma("synchronous = FULL");
      to.pragma("wal_checkpoint(TRUNCATE)");
      return counts;
    } finally {
      to.close();
    }
  });
}

/** Can its table of contents be read? Without it SQLite finds nothing in the file. */
function hasContents(db: Database.Database): boolean {
  try {
    return Number(db.prepare<[], number>("SELECT count(*) FROM sqlite_schema WHERE name = 'events'").pluck().get()) === 1;
  } catch (error) {
    if (isUnreadable(error)) return false;
    throw error;
  }
}

function readLogId(db: Database.Database): string | null {
  try {
    return db.prepare<[], string>("SELECT value FROM meta WHERE key = 'log_id'").pluck().get() ?? null;
  } catch (error) {
    if (isUnreadable(error)) return null; // The ids of the events that are saved then begin differently.
    throw error;
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

/** `2026-01-31T08-00-00`: sorts by time, and is a file name everywhere. */
function toStamp(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replaceAll(":", "-");
}
