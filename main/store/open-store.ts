import type { Keeping } from "../contract/settings.ts";
import type { DeliveryStore, EventLog, SourceStore, StateStore } from "../hub/ports.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { openEventLog } from "./event-log.ts";
import { lockFolder } from "./lock-folder.ts";
import { createSourceStore } from "./source-store.ts";
import { toStoreFiles } from "./store-files.ts";

export interface StoreOptions {
  /** The data folder; made when there is none. */
  readonly folder: string;
  readonly clock: Pick<Clock, "now" | "after">;
  readonly logger: Logger;
  /** Events and bytes that may wait for a commit; more is refused with HUB_BUSY. */
  readonly maxQueuedEvents: number;
  readonly maxQueuedBytes: number;
  /** What is kept until `log.keep` says otherwise; everything when left out. */
  readonly keeping?: Keeping;
}

export interface Store {
  readonly log: EventLog;
  readonly sources: SourceStore;
  readonly state: StateStore;
  readonly deliveries: DeliveryStore;
  /** Commits what is queued, then frees the folder. Can be called again. */
  close(): Promise<void>;
}

/**
 * Opens the log in a folder, or makes one, and takes the folder for this process. Rejects with a RefusalError
 * (STORE_LOCKED, STORE_READ_ONLY, STORE_FOREIGN, STORE_NEWER, STORE_DAMAGED, STORE_FULL, STORE_FAILED); the log is then
 * left as it was.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const files = toStoreFiles(options.folder);
  const lock = lockFolder(files);
  try {
    const { log, state, deliveries, writer } = await openEventLog(files, options);
    let closed: Promise<void> | null = null;
    return {
      log,
      state,
      deliveries,
      sources: createSourceStore(writer),
      close: () => (closed ??= log.close().finally(() => lock.release())),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
