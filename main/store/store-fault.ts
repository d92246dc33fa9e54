import { statfsSync } from "node:fs";
import type { Refusal } from "../contract/errors.ts";

/**
 * What an error out of SQLite means for the log:
 * `full`: nothing was written, the next batch may fit · `io`: what the disk holds is unknown until the file is opened
 * anew · `damaged`: the file's content is wrong · `busy`: another program holds the file · `bug`: none of these.
 */
export type StoreFault = "full" | "io" | "damaged" | "busy" | "bug";

/** Below this a failing write is put down to the full disk, whichever way SQLite came to say it. */
const FULL_BELOW_BYTES = 256 * 1024;

export function toStoreFault(error: unknown, folder: string): StoreFault {
  const code = sqliteCode(error);
  if (code === null) return "bug";
  if (code.startsWith("SQLITE_CORRUPT") || code.startsWith("SQLITE_NOTADB")) return "damaged";
  if (code.startsWith("SQLITE_FULL")) return "full";
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) return "busy";
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN|NOMEM|PERM|PROTOCOL)/.test(code)) return freeBytes(folder) < FULL_BELOW_BYTES ? "full" : "io";
  return "bug";
}

/** The extended result code's name, as `SQLITE_IOERR_FSYNC`; null for any other error. */
export function sqliteCode(error: unknown): string | null {
  const code: unknown = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" && code.startsWith("SQLITE_") ? code : null;
}

/** Bytes a program may still write to the folder's disk; Infinity where the system does not say. */
export function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY; // Only used to explain an error that is already there.
  }
}

/** What whoever sent the event, or looks at the status, is told. */
export function toWriteRefusal(fault: StoreFault, error: unknown, logPath: string): Refusal {
  const code = sqliteCode(error);
  const details = { file: logPath, sqlite: code ?? String(error) };
  switch (fault) {
    case "full":
      return {
        code: "STORE_FULL",
        message: `The disk that holds ${logPath} is full: the event was not stored. Free some space; intake then resumes by itself.`,
        details,
      };
    case "damaged":
      return {
        code: "STORE_DAMAGED",
        message: `${logPath} is damaged: the event was not stored. Stop Signalbox and run "signalbox salvage".`,
        details,
      };
    case "busy":
      return {
        code: "STORE_FAILED",
        message: `Another program holds ${logPath} locked: the event was not stored. Close whatever has the file open; sending again may then work.`,
        details,
      };
    case "io":
    case "bug":
      return {
        code: "STORE_FAILED",
        message: `${logPath} could not be written safely (${code ?? String(error)}): the event was not stored. Signalbox opens the file anew and checks it; send the event again later.`,
        details,
      };
  }
}

/** Why the log cannot be opened, for whoever starts the hub. */
export function toOpenRefusal(error: unknown, folder: string, logPath: string): Refusal {
  const code = sqliteCode(error) ?? "";
  const details = { file: logPath, sqlite: code };
  const fault = toStoreFault(error, folder);
  if (fault === "damaged")
    return {
      code: "STORE_DAMAGED",
      message: `${logPath} is damaged (${code}). Run "signalbox salvage" to write what can be read of it to a new log, or put back a copy of the file.`,
      details,
    };
  if (fault === "full")
    return { code: "STORE_FULL", message: `The disk that holds ${logPath} is full. Free some space, then start again.`, details };
  if (fault === "busy")
    return {
      code: "STORE_LOCKED",
      message: `Another program holds ${logPath} locked. Close whatever has the file open, then start again.`,
      details,
    };
  if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(code))
    return {
      code: "STORE_READ_ONLY",
      message: `Signalbox cannot write ${logPath} (${code}). Give the user it runs as the right to write there, or choose another folder (--data or SIGNALBOX_DATA).`,
      details,
    };
  return {
    code: "STORE_FAILED",
    message: `${logPath} could not be opened (${code}). Check the disk, then start again.`,
    details,
  };
}
