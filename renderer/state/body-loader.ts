import type { EventDetail } from "../../main/contract/event.ts";
import { fromBase64 } from "../format/base64.ts";
import type { Connection } from "../link/connection.ts";

/** A longer body is shown up to here; the download has all of it. */
export const MAX_VIEW_BYTES = 32 * 1024 * 1024;
/** How much of bodies looked at before is kept. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

export interface BodyLoader {
  /** The stored bytes, the first `limit` at most. `onProgress` hears how many are here. */
  load(
    event: EventDetail,
    options?: { readonly limit?: number; readonly signal?: AbortSignal; readonly onProgress?: (bytes: number) => void },
  ): Promise<Uint8Array<ArrayBuffer>>;
}

export function createBodyLoader(connection: Connection): BodyLoader {
  /** Least recently used first. */
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  let keptBytes = 0;

  const keep = (id: string, bytes: Uint8Array<ArrayBuffer>): void => {
    if (bytes.length > MAX_VIEW_BYTES) return;
    kept.set(id, bytes);
    keptBytes += bytes.length;
    for (const [oldest, { length }] of kept) {
      if (keptBytes <= MAX_KEPT_BYTES) break;
      kept.delete(oldest);
      keptBytes -= length;
    }
  };

  return {
    load: async (event, { limit = MAX_VIEW_BYTES, signal, onProgress } = {}) => {
      const wanted = Math.min(event.storedBytes, limit);
      const known = kept.get(event.id);
      if (known && known.length >= wanted) {
        kept.delete(event.id);
        kept.set(event.id, known);
        return known.subarray(0, wanted);
      }
      const bytes = new Uint8Array(wanted);
      for (let offset = 0; offset < wanted;) {
        const chunk = fromBase64((await connection.call("events.body", { id: event.id, offset })).base64);
        signal?.throwIfAborted();
        if (chunk.length === 0) throw new Error(`The hub gave ${offset} of ${wanted} bytes and then no more.`);
        bytes.set(chunk.subarray(0, wanted - offset), offset);
        offset += chunk.length;
        onProgress?.(Math.min(offset, wanted));
      }
      if (!known) keep(event.id, bytes);
      return bytes;
    },
  };
}
