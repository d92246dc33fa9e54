import type { Database } from "better-sqlite3";
import { createEventReader, type EventReader } from "./event-reader.ts";
import { createIndexView, type IndexView } from "./index-view.ts";
import { createLogLookup } from "./log-lookup.ts";
import { openForReading } from "./open-log.ts";
import type { Lookup } from "./plan-query.ts";
import { createBodyReader, type BodyReader } from "./stored-body.ts";

/** A connection that reads the log, and what the queries need of it. */
export interface LogReader {
  readonly db: Database;
  readonly logId: string;
  readonly index: IndexView;
  readonly events: EventReader;
  readonly bodies: BodyReader;
  readonly lookup: Lookup;
  /** One moment of log and index for all that `work` reads. Short: an open transaction holds up checkpoints. */
  atOnce<T>(work: () => T): T;
  firstSeq(): number;
  lastSeq(): number;
  /** Lets other requests on this thread have their turn. */
  rest(): Promise<void>;
  close(): void;
}

const CACHE_KIB = 32 * 1024;

export function openLogReader(path: string, logId: string): LogReader {
  const db = openForReading(path);
  db.pragma(`cache_size = -${CACHE_KIB}`);
  const first = db.prepare<[], number | null>("SELECT min(seq) FROM events").pluck();
  // The newest event may have left no row.
  const last = db.prepare<[], number>("SELECT value FROM meta WHERE key = 'last_seq'").pluck();
  return {
    db,
    logId,
    index: createIndexView(db),
    events: createEventReader(db),
    bodies: createBodyReader(db),
    lookup: createLogLookup(db),
    atOnce: (work) => db.transaction(work)(),
    firstSeq: () => first.get() ?? 0,
    lastSeq: () => last.get() ?? 0,
    rest: () => new Promise((resolve) => setImmediate(resolve)),
    close: () => db.close(),
  };
}
