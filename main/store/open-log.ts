import { randomInt } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import Database from "better-sqlite3";
import { RefusalError } from "../contract/errors.ts";
import { migrate } from "./migrate.ts";
import { countReadable, isUnreadable, toDamageMessage, type Readable } from "./read-damaged.ts";
import { FILE_SUFFIXES, fileBytes, type StoreFiles } from "./store-files.ts";

/** A log up to this size is checked whole before it is used; a larger one in the background, after the start. */
export const CHECK_AT_OPEN_BYTES = 64 * 1024 * 1024;

const LOG_ID_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789";
const LOG_ID_LENGTH = 8;

/** Makes the log under another name first, so that a file called `signalbox.db` is always a whole one. */
export function createLogFile(files: StoreFiles, logId: string = newLogId(), path: string = files.log): void {
  const draft = `${path}.new`;
  for (const suffix of FILE_SUFFIXES) rmSync(draft + suffix, { force: true });
  const db = new Database(draft);
  try {
    setPragmas(db);
    migrate(db);
    const insert = db.prepare<[string, string | number]>("INSERT INTO meta (key, value) VALUES (?, ?)");
    db.transaction(() => {
      insert.run("log_id", logId);
      insert.run("last_seq", 0);
    }).immediate();
  } finally {
    db.close();
  }
  renameSync(draft, path);
  syncFolder(files.folder);
}

/** The only kind of connection that writes the log. */
export function openLogFile(files: StoreFiles): Database.Database {
  const db = new Database(files.log, { fileMustExist: true, timeout: 5000 });
  try {
    setPragmas(db);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function setPragmas(db: Database.Database): void {
  db.pragma("journal_mode = WAL");
  // Said aloud: this build's default in WAL mode is NORMAL, which acknowledges what a power cut can still take.
  db.pragma("synchronous = FULL");
  // The background does it, see checkpoint.ts: a checkpoint in a commit would hold up everyone who waits for it.
  db.pragma("wal_autocheckpoint = 0");
}

/**
 * Reads a log that nobody else has open, and leaves nothing behind: SQLite makes its helper files anew for a reader, and
 * a reader may not remove them. A killed hub's write-ahead log is read with the file, and stays.
 */
export function readAlone<T>(path: string, read: (db: Database.Database) => T): T {
  const db = openForReading(path);
  try {
    return read(db);
  } finally {
    db.close();
    if (fileBytes(`${path}-wal`) === 0) for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix, { force: true });
  }
}

/** Never writes the log, whoever else uses it. */
export function openForReading(path: string): Database.Database {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  db.pragma("query_only = ON");
  return db;
}

/** Checks a small log whole; throws RefusalError STORE_DAMAGED with what can still be read. The file is not touched. */
export function checkBeforeUse(files: StoreFiles): void {
  if (fileBytes(files.log) + fileBytes(`${files.log}-wal`) > CHECK_AT_OPEN_BYTES) return;
  readAlone(files.log, (db) => {
    const findings = quickCheck(db);
    if (findings.length > 0) throw damaged(files, countAll(db), findings);
  });
}

/** How many events a log has that nothing is wrong with; null for a damaged one. */
export function countIfSound(path: string): number | null {
  return readAlone(path, (db) => {
    if (quickCheck(db).length > 0) return null;
    const counts = countAll(db);
    return counts?.unreadable === 0 ? counts.readable : null;
  });
}

/** What SQLite finds wrong with the whole file; nothing when it is sound. */
function quickCheck(db: Database.Database): readonly string[] {
  try {
    const findings = db.prepare<[], string>("PRAGMA quick_check(10)").pluck().all();
    return findings.length === 1 && findings[0] === "ok" ? [] : findings;
  } catch (error) {
    if (isUnreadable(error)) return [String(error)];
    throw error;
  }
}

function countAll(db: Database.Database): Readable | null {
  try {
    const counting = countReadable(db);
    for (;;) {
      const step = counting.next();
      if (step.done) return step.value;
    }
  } catch (error) {
    if (isUnreadable(error)) return null; // Not even its table of contents can be read.
    throw error;
  }
}

export function damaged(files: StoreFiles, readable: Readable | null, findings: readonly string[]): RefusalError {
  const message = readable
    ? toDamageMessage(files.log, readable)
    : `${files.log} is damaged so badly that no event can be read. Put back a copy of the file, or move it away to begin a new log.`;
  return new RefusalError({ code: "STORE_DAMAGED", message, details: { file: files.log, ...readable, findings } });
}

function newLogId(): string {
  return Array.from({ length: LOG_ID_LENGTH }, () => LOG_ID_CHARS[randomInt(LOG_ID_CHARS.length)]).join("");
}

/** A rename lasts through a power cut only once its folder is synced; Windows neither needs nor offers that. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
