import type { Refusal } from "../contract/errors.ts";
import type { DeliveryStore, DeliveryWrite } from "../hub/ports.ts";
import type { Writer } from "./open-writer.ts";
import type { ReaderPool } from "./reader-pool.ts";

/** One commit takes at most so many steps. */
const MAX_WRITES = 2000;

interface Waiting {
  readonly writes: readonly DeliveryWrite[];
  readonly done: (refusal: Refusal | null) => void;
}

/** The outbox's own group commit: while one commit runs, steps gather; the next takes them all. Intake does not wait for it. */
export function createDeliveryStore(writer: Writer, readers: Pick<ReaderPool, "call">): DeliveryStore {
  const { endpoints, unfinished, lastId, lastEndpointId } = writer.opened.deliveries;
  let waiting: Waiting[] = [];
  let underWay = false;

  async function commit(): Promise<void> {
    underWay = true;
    while (waiting.length > 0) {
      let steps = 0;
      let count = 0;
      while (count < waiting.length && (count === 0 || steps + waiting[count]!.writes.length <= MAX_WRITES))
        steps += waiting[count++]!.writes.length;
      const batch = waiting.slice(0, count);
      waiting = waiting.slice(count);
      const refusal = await writer.deliver(batch.flatMap(({ writes }) => writes));
      for (const { done } of batch) done(refusal);
    }
    underWay = false;
  }

  return {
    endpoints,
    unfinished,
    lastId,
    lastEndpointId,
    write(writes) {
      return new Promise((done) => {
        waiting.push({ writes, done });
        if (!underWay) void commit();
      });
    },
    list: (query) => readers.call("deliveries", query),
    get: (id) => readers.call("delivery", { id }),
    repeatable: (filter, limit) => readers.call("repeatable", { filter, limit }),
  };
}
