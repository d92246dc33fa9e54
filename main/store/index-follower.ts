import type { Database } from "better-sqlite3";
import { createEntryReader, type IndexEntry } from "./index-entries.ts";
import { createIndexFile, openIndexFile } from "./index-file.ts";
import { createIndexSweeper, type IndexSweeper } from "./sweep-index.ts";
import { createIndexWriter, type IndexWriter } from "./index-writer.ts";
import type { LogProgress } from "./log-progress.ts";
import { toStoreFault } from "./store-fault.ts";
import type { StoreFiles } from "./store-files.ts";

/** Events per step: about 10 ms of work. */
export const STEP_EVENTS = 256;

export interface IndexFollowerOptions {
  readonly files: StoreFiles;
  readonly logId: string;
  /** A connection that reads the log. */
  readonly log: Database;
  readonly progress: LogProgress;
  onReady(): void;
  /** The index is closed and waits for `remake`, once nobody else has it open. */
  onIndexDamaged(error: string): void;
  /** The index goes no further. */
  onLogDamaged(error: string): void;
}

/** Keeps the index behind the log, step by step. Errors of the disk are thrown; the step can be taken again. */
export interface IndexFollower {
  readonly writer: IndexWriter | null;
  /** There is something to take in, and nothing in the way. */
  isBehind(): boolean;
  /** Says how many events it took in, at most STEP_EVENTS. */
  step(): number;
  /** Takes some of the removed events out of the index. Says whether there was something to do. */
  sweep(): boolean;
  remake(): void;
  close(): void;
}

type State = "closed" | "open" | "waiting" | "remaking" | "stuck";

export function createIndexFollower(options: IndexFollowerOptions): IndexFollower {
  const { files, log, progress } = options;
  const entries = createEntryReader(log);
  let state: State = "closed";
  let index: Database | null = null;
  let writer: IndexWriter | null = null;
  let sweeper: IndexSweeper | null = null;

  function open(): void {
    const fits = { logId: options.logId, lastSeq: progress.committedSeq() };
    index = state === "remaking" ? createIndexFile(files.index, fits) : openIndexFile(files.index, fits);
    writer = createIndexWriter(index);
    sweeper = createIndexSweeper(log, index);
    state = "open";
    progress.indexed(writer.indexedSeq);
    options.onReady();
  }

  function close(next: State): void {
    index?.close();
    index = null;
    writer = null;
    sweeper = null;
    state = next;
    progress.indexed(0);
  }

  /** Runs `work`; when that shows damage, `onDamage` is told instead. */
  function guard<T>(work: () => T, onDamage: (error: string) => void): T | null {
    try {
      return work();
    } catch (error) {
      if (toStoreFault(error, files.folder) !== "damaged") throw error;
      onDamage(String(error));
      return null;
    }
  }

  function take(writer: IndexWriter, next: readonly IndexEntry[], committed: number): void {
    guard(
      () => {
        writer.add(next);
        // Where the newest events have left no rows there is nothing to wait for.
        progress.indexed(next.length < STEP_EVENTS ? Math.max(committed, writer.indexedSeq) : writer.indexedSeq);
      },
      (error) => {
        close("waiting");
        options.onIndexDamaged(error);
      },
    );
  }

  const isBehind = (): boolean => state === "open" && progress.committedSeq() > progress.indexedSeq();

  return {
    get writer() {
      return writer;
    },
    isBehind,
    step() {
      if (state === "closed" || state === "remaking") open();
      if (writer === null || !isBehind()) return 0;
      const after = writer.indexedSeq;
      const committed = progress.committedSeq();
      const next = guard(
        () => entries.entriesAfter(after, STEP_EVENTS),
        (error) => {
          state = "stuck";
          options.onLogDamaged(error);
        },
      );
      if (next === null) return 0;
      take(writer, next, committed);
      return next.length;
    },
    sweep() {
      const current = sweeper;
      if (current === null) return false;
      const damaged = (error: string): void => {
        close("waiting");
        options.onIndexDamaged(error);
      };
      return guard(() => current.step(progress.removedEvents()), damaged) ?? false;
    },
    remake() {
      if (state !== "stuck") close("remaking");
    },
    close: () => close("closed"),
  };
}
