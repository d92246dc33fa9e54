import type { Database } from "better-sqlite3";
import { RefusalError, type Refusal } from "../contract/errors.ts";
import { KEEP_EVERYTHING, type Retention } from "../contract/settings.ts";
import type { Source } from "../contract/source.ts";
import type { DeliveryWrite } from "../hub/ports.ts";
import { createDeliveryWriter, readOpenedDeliveries, type DeliveryWriter, type OpenedDeliveries } from "./delivery-rows.ts";
import { createBatchInserter, type BatchInserter } from "./insert-batch.ts";
import { checkBeforeUse, createLogFile, openLogFile } from "./open-log.ts";
import type { PackedBatch } from "./packed-batch.ts";
import { FILL_RETAINED } from "./migrations/0003-retained.ts";
import { createEventRemover, type EventRemover } from "./remove-events.ts";
import { createSeenDeliveries, type FoundDuplicate, type SeenDeliveries } from "./seen-deliveries.ts";
import { readSources, removeSource, saveSource } from "./source-rows.ts";
import { createStateWriter, readState, type StateRow, type StateWriter } from "./state-rows.ts";
import { firstChunkId } from "./stored-body.ts";
import { PINNED_BIT } from "./stored-codes.ts";
import { toStoreFault, toWriteRefusal, type StoreFault } from "./store-fault.ts";
import type { StoreFiles } from "./store-files.ts";
import { createLogTrimmer, type LogTrimmer } from "./trim-log.ts";
import { inspectFile } from "./inspect-file.ts";

/** What of the log there is at the moment. */
export interface LogExtent {
  /** 0 when there are no events. */
  readonly firstSeq: number;
  readonly events: number;
  /** In the file, left by removed events. */
  readonly reusableBytes: number;
  /** Since the file was opened. */
  readonly removed: number;
}

export type Written<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal; readonly fault: StoreFault };

/** The one connection that writes. After an `io` fault it is closed and refuses everything until `reopen` succeeds. */
export interface LogWriter {
  readonly logId: string;
  readonly lastSeq: number;
  readonly extent: LogExtent;
  readonly sources: readonly Source[];
  readonly state: readonly StateRow[];
  readonly deliveries: OpenedDeliveries;
  /** Gives the first event's seq, and which events came before, once the batch is on disk. */
  append(
    batch: PackedBatch,
    state: readonly StateRow[],
  ): Written<{ readonly firstSeq: number; readonly duplicates: readonly FoundDuplicate[] }>;
  saveSource(source: Source): Written<void>;
  removeSource(name: string): Written<void>;
  /** False when there is no such event. */
  pin(seq: number, pinned: boolean): Written<boolean>;
  deliver(writes: readonly DeliveryWrite[]): Written<void>;
  /** From now on. */
  keep(retention: Retention): void;
  /** May `trim` have something to do? */
  trims(now: number): boolean;
  /** Removes a few of the events that need not be kept, and of the deliveries that need not be known again. Says how many events, and whether there is more to do. */
  trim(now: number): Written<{ readonly removed: number; readonly more: boolean }>;
  /** Writes something small, to see whether the disk takes it again. */
  probe(now: number): Written<void>;
  /** Brings the rest of the write-ahead log into the file, so that the next commit begins it anew. */
  checkpoint(): void;
  /** After an `io` fault: opens the file, checks that all acknowledged events are there, and empties the write-ahead log. */
  reopen(): Written<void>;
  close(): void;
}

/** Opens the log, or makes one. Throws RefusalError: STORE_FOREIGN, STORE_NEWER, STORE_DAMAGED, without having touched the file. */
export function openLogWriter(files: StoreFiles): LogWriter {
  if (inspectFile(files.log) === "missing") createLogFile(files);
  else checkBeforeUse(files);
  let open: Connection | null = connect(openLogFile(files));
  const logId = open.logId();
  let retention: Retention = KEEP_EVERYTHING;
  let extent = open.extent();
  let lastSeq = open.lastSeq();
  /** Set when acknowledged events are gone: nothing is written any more. */
  let loss: Refusal | null = null;

  function attempt<T>(work: (connection: Connection) => T): Written<T> {
    if (loss !== null) return { ok: false, refusal: loss, fault: "damaged" };
    if (open === null) return refused("io", new Error("the file is being opened anew"));
    try {
      const value = open.inTransaction(() => work(open!));
      extent = open.extent();
      return { ok: true, value };
    } catch (error) {
      const fault = toStoreFault(error, files.folder);
      // A failed write or sync: the system may have dropped what it could not write, so nothing more is trusted to
      // this connection. A bug in our own code is no reason to distrust the disk.
      if (fault === "io" || !open.isIdle()) disconnect();
      return refused(fault, error);
    }
  }

  function refused(fault: StoreFault, error: unknown): Written<never> {
    return { ok: false, refusal: toWriteRefusal(fault, error, files.log), fault };
  }

  function disconnect(): void {
    try {
      open?.db.close();
    } finally {
      open = null;
    }
  }

  return {
    logId,
    get extent() {
      return extent;
    },
    get lastSeq() {
      return lastSeq;
    },
    sources: readSources(open.db),
    state: readState(open.db),
    deliveries: readOpenedDeliveries(open.db),
    append(batch, state) {
      const firstSeq = lastSeq + 1;
      const written = attempt((connection) => {
        const duplicates = connection.seen.settle(batch, firstSeq);
        const grown = connection.inserter.insert(batch, firstSeq, connection.trimmer.trimmedTo);
        if (batch.count > 0) connection.setLastSeq(firstSeq + batch.count - 1);
        if (grown !== 0) connection.addEvents(grown);
        connection.state.write(state);
        return { firstSeq, duplicates };
      });
      if (written.ok) lastSeq += batch.count;
      return written;
    },
    saveSource: (source) => attempt(({ db }) => saveSource(db, source)),
    removeSource: (name) => attempt(({ db }) => removeSource(db, name)),
    pin: (seq, pinned) =>
      attempt(({ db, trimmer }) => {
        if (!pinned) trimmer.lookAgain(seq);
        const set = pinned ? `kind | ${PINNED_BIT}` : `kind & ~${PINNED_BIT}`;
        return db.prepare<[number]>(`UPDATE events SET kind = ${set} WHERE seq = ?`).run(seq).changes > 0;
      }),
    deliver: (writes) => attempt(({ deliveries }) => deliveries.write(writes)),
    keep(next) {
      retention = next;
      open?.trimmer.keep(next);
    },
    trims: (now) => open !== null && (open.trimmer.active || open.seen.isOver(now)),
    trim(now) {
      if (open === null) return { ok: true, value: { removed: 0, more: false } };
      // Should a power cut take this back, it is done again: it need not wait for the disk, nor may it keep a commit waiting.
      open.db.pragma("synchronous = NORMAL");
      try {
        return attempt((connection) => {
          const step = connection.trimmer.step(now, extent.events);
          if (step.removed > 0) connection.addEvents(-step.removed);
          const more = connection.seen.prune(now);
          return { removed: step.removed, more: step.more || more };
        });
      } finally {
        open?.db.pragma("synchronous = FULL");
      }
    },
    probe: (now) => attempt(({ db }) => void db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('probed_at', ?)").run(now)),
    checkpoint() {
      open?.db.pragma("wal_checkpoint(PASSIVE)");
    },
    reopen() {
      try {
        disconnect();
        open = connect(openLogFile(files));
        open.verify(lastSeq);
        lastSeq = open.lastSeq();
        extent = open.extent();
        open.trimmer.keep(retention);
        return { ok: true, value: undefined };
      } catch (error) {
        disconnect();
        if (!(error instanceof RefusalError)) return refused(toStoreFault(error, files.folder) === "full" ? "full" : "io", error);
        loss = { code: error.code, message: error.message };
        return { ok: false, refusal: loss, fault: "damaged" };
      }
    },
    close() {
      try {
        open?.db.pragma("wal_checkpoint(TRUNCATE)");
      } finally {
        disconnect();
      }
    },
  };
}

interface Connection {
  readonly db: Database;
  readonly inserter: BatchInserter;
  readonly state: StateWriter;
  readonly deliveries: DeliveryWriter;
  readonly seen: SeenDeliveries;
  readonly trimmer: LogTrimmer;
  setLastSeq(seq: number): void;
  addEvents(count: number): void;
  logId(): string;
  extent(): LogExtent;
  lastSeq(): number;
  isIdle(): boolean;
  inTransaction<T>(work: () => T): T;
  verify(acknowledged: number): void;
}

function rollBack(db: Database): void {
  try {
    if (db.inTransaction) db.exec("ROLLBACK"); // Some errors have done so already.
  } catch {
    // The error that led here says more than this one; the connection is not idle now and is given up for it.
  }
}

function connect(db: Database): Connection {
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const updateLastSeq = db.prepare<[number]>("UPDATE meta SET value = ? WHERE key = 'last_seq'");
  const number = (sql: string): number => Number(db.prepare<[]>(sql).pluck().get() ?? 0);
  const addEvents = db.prepare<[number]>("UPDATE meta SET value = value + ? WHERE key = 'events'");
  const extentOf = db.prepare<[], Omit<LogExtent, "removed">>(
    `SELECT ifnull((SELECT min(seq) FROM events), 0) AS firstSeq, (SELECT value FROM meta WHERE key = 'events') AS events,
     (SELECT freelist_count FROM pragma_freelist_count()) * (SELECT page_size FROM pragma_page_size()) AS reusableBytes`,
  );
  const remover: EventRemover = createEventRemover(db);
  const inserter = createBatchInserter(db, remover);
  const seen = createSeenDeliveries(db);

  const connection: Connection = {
    db,
    inserter,
    state: createStateWriter(db),
    deliveries: createDeliveryWriter(db),
    seen,
    trimmer: createLogTrimmer(db, remover),
    addEvents: (count) => void addEvents.run(count),
    setLastSeq: (seq) => void updateLastSeq.run(seq),
    logId: () => db.prepare<[], string>("SELECT value FROM meta WHERE key = 'log_id'").pluck().get() ?? "",
    extent: () => ({ ...extentOf.get()!, removed: remover.removed }),
    lastSeq: () => Math.max(number("SELECT value FROM meta WHERE key = 'last_seq'"), number("SELECT max(seq) FROM events")),
    isIdle: () => db.open && !db.inTransaction,
    inTransaction(work) {
      begin.run();
      try {
        const value = work();
        commit.run();
        seen.keep();
        return value;
      } catch (error) {
        inserter.forget();
        seen.forget();
        rollBack(db);
        throw error;
      }
    },
    verify(acknowledged) {
      const have = connection.lastSeq();
      if (have < acknowledged)
        throw new RefusalError({
          code: "STORE_DAMAGED",
          message: `The log lost events ${have + 1} to ${acknowledged}, which were acknowledged: the disk did not keep what it had confirmed. Check the disk, then restart Signalbox.`,
        });
      // What was refused must not be there after all; its numbers are not given again.
      if (have > acknowledged)
        connection.inTransaction(() => {
          for (const table of ["events", "payloads"]) db.prepare<[number]>(`DELETE FROM ${table} WHERE seq > ?`).run(acknowledged);
          db.prepare<[number]>("DELETE FROM seen_deliveries WHERE id > ?").run(acknowledged);
          db.prepare<[number]>("DELETE FROM body_chunks WHERE id >= ?").run(firstChunkId(acknowledged + 1));
          db.exec(FILL_RETAINED);
          db.exec("UPDATE meta SET value = (SELECT count(*) FROM events) WHERE key = 'events'");
        });
      // A frame the disk dropped would make recovery stop there and lose every later commit: begin the file anew.
      const [result] = db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
      if (result?.busy !== 0) throw new Error("the write-ahead log is still being read");
    },
  };
  return connection;
}
