import type { DeliveryStore, DeliveryWrite } from "../hub/ports.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";

/** How long a disk that is full is given. */
const AGAIN_MS = 1000;

/** What an endpoint's bookkeeping writes, in order, each until it is durable. */
export interface WriteQueue {
  /** True once it is durable; false when the queue was closed before. */
  put(writes: readonly DeliveryWrite[]): Promise<boolean>;
  /** Tries what waits once more. */
  close(): Promise<void>;
}

export interface WriteQueueOptions {
  readonly store: Pick<DeliveryStore, "write">;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Waiting {
  readonly writes: readonly DeliveryWrite[];
  readonly done: (durable: boolean) => void;
}

export function createWriteQueue({ store, clock, logger }: WriteQueueOptions): WriteQueue {
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;
  let closing = false;
  let endRest: () => void = () => undefined;

  async function writeWhole(writes: readonly DeliveryWrite[]): Promise<boolean> {
    for (;;) {
      const refusal = await store.write(writes);
      if (refusal === null) return true;
      if (closing) return false;
      logger.warn("The outbox could not be written; nothing is sent until it can.", { reason: refusal.message });
      await new Promise<void>((resolve) => {
        const cancel = clock.after(AGAIN_MS, resolve);
        endRest = () => {
          cancel();
          resolve();
        };
      });
    }
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const durable = await writeWhole(batch.flatMap(({ writes }) => writes));
      for (const { done } of batch) done(durable);
    }
    running = null;
  }

  return {
    put(writes) {
      return new Promise((done) => {
        waiting.push({ writes, done });
        running ??= run();
      });
    },
    async close() {
      closing = true;
      endRest();
      await running;
    },
  };
}
