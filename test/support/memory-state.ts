import type { StateStore } from "../../main/hub/ports.ts";

/** A StateStore without a disk: rows are "durable" on the next turn of the loop. */
export function createMemoryState(rows = new Map<string, Uint8Array>()): StateStore & { readonly rows: ReadonlyMap<string, Uint8Array> } {
  return {
    rows,
    *all(prefix) {
      for (const key of [...rows.keys()].sort()) if (key.startsWith(prefix)) yield [key, rows.get(key)!];
    },
    put(key, value) {
      if (value === null) rows.delete(key);
      else rows.set(key, value);
    },
    flush(done) {
      setImmediate(() => done(null));
    },
  };
}
