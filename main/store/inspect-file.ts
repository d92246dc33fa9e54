import { closeSync, openSync, readSync, statSync } from "node:fs";
import { RefusalError } from "../contract/errors.ts";
import { APPLICATION_ID, MIGRATIONS } from "./migrate.ts";

const HEADER_BYTES = 100;
const MAGIC = "SQLite format 3\u0000";
const USER_VERSION_AT = 60;
const APPLICATION_ID_AT = 68;

/**
 * Looks at the first bytes of the log (SQLite's file format §1.3), without SQLite, which would begin recovery and so
 * write. Says whether there is a log; throws RefusalError when the file is not ours (STORE_FOREIGN) or too new
 * (STORE_NEWER). The folder must be locked already: closing a file drops the locks this process holds on it.
 */
export function inspectFile(path: string): "missing" | "ours" {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return "missing";
  if (!stats.isFile()) throw foreign(path, "it is not a file");
  if (stats.size === 0) return "missing";
  const header = readHeader(path);
  if (header.length < HEADER_BYTES || header.toString("latin1", 0, MAGIC.length) !== MAGIC) throw foreign(path, "it is no SQLite database");
  if (header.readUInt32BE(APPLICATION_ID_AT) !== APPLICATION_ID) throw foreign(path, "it is the database of another program");
  const version = header.readUInt32BE(USER_VERSION_AT);
  if (version > MIGRATIONS.length)
    throw new RefusalError({
      code: "STORE_NEWER",
      message: `${path} was written by a newer Signalbox (format ${version}; this one knows ${MIGRATIONS.length}). The file was left as it is. Start the newer Signalbox, or use another data folder.`,
      details: { file: path, version, known: MIGRATIONS.length },
    });
  return "ours";
}

function readHeader(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    return header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

function foreign(path: string, why: string): RefusalError {
  return new RefusalError({
    code: "STORE_FOREIGN",
    message: `${path} is not a Signalbox log: ${why}. The file was left as it is. Move it away, or use another data folder (--data or SIGNALBOX_DATA).`,
    details: { file: path, why },
  });
}
