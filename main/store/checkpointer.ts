import type { Database } from "better-sqlite3";

/** A checkpoint is due when commits have written about this much since the last, or when they have ceased. */
const DUE_BYTES = 4 * 1024 * 1024;
/** Above this the writer is asked to end the write-ahead log, which under steady load would grow for ever. */
const LONG_WAL_BYTES = 64 * 1024 * 1024;
const PAGE_BYTES = 4096;

export interface Checkpointer {
  /** Brings commits from the write-ahead log into the file when it is due. Says whether the writer should end the former. */
  step(committedBytes: number, quiet: boolean): boolean;
}

/**
 * Checkpoints on a connection of their own: the writer goes on committing meanwhile, where one of its own would hold it
 * up for 20 to 60 ms. `log` is a connection that may write, but writes no rows.
 */
export function createCheckpointer(log: Database): Checkpointer {
  let doneBytes = 0;
  return {
    step(committedBytes, quiet) {
      const since = committedBytes - doneBytes;
      if (since === 0 || (since < DUE_BYTES && !quiet)) return false;
      doneBytes = committedBytes;
      const [result] = log.pragma("wal_checkpoint(PASSIVE)") as { busy: number; log: number; checkpointed: number }[];
      return result !== undefined && result.log * PAGE_BYTES > LONG_WAL_BYTES;
    },
  };
}
