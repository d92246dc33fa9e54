import type { Database } from "better-sqlite3";

/** The first part of a body, kept in `payloads` beside the head: what previews and search look at (hub/event-view.ts). */
export const INLINE_BYTES = 16 * 1024;
/** The rest, in `body_chunks`, in pieces of this size. */
export const CHUNK_BYTES = 64 * 1024;
/** A chunk's id is `seq * CHUNKS_PER_BODY + n`: in order of seq without an index. Bounds a body at 1 GiB. */
export const CHUNKS_PER_BODY = 16 * 1024;

export interface BodyReader {
  /** Bytes of the body that are stored; null when there is no such event. */
  storedBytes(seq: number): number | null;
  /** At most `length` bytes from `offset`; only the chunks that hold them are read. */
  read(seq: number, offset: number, length: number): Buffer;
}

export function createBodyReader(db: Database): BodyReader {
  const inlineLength = db.prepare<[number], number>("SELECT length(body) FROM payloads WHERE seq = ?").pluck();
  const inlinePart = db.prepare<[number], Buffer>("SELECT body FROM payloads WHERE seq = ?").pluck();
  const lastChunk = db
    .prepare<[number, number], [number, number]>(
      "SELECT id, length(bytes) FROM body_chunks WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1",
    )
    .raw();
  const chunks = db.prepare<[number, number], Buffer>("SELECT bytes FROM body_chunks WHERE id >= ? AND id < ? ORDER BY id").pluck();

  return {
    storedBytes(seq) {
      const inline = inlineLength.get(seq);
      if (inline === undefined) return null;
      if (inline < INLINE_BYTES) return inline;
      const last = lastChunk.get(firstChunkId(seq), firstChunkId(seq + 1));
      return last ? inline + (last[0] - firstChunkId(seq)) * CHUNK_BYTES + last[1] : inline;
    },
    read(seq, offset, length) {
      const end = offset + length;
      const parts: Buffer[] = [];
      if (offset < INLINE_BYTES) parts.push((inlinePart.get(seq) ?? Buffer.alloc(0)).subarray(offset, end));
      if (end > INLINE_BYTES) {
        const from = Math.max(0, offset - INLINE_BYTES);
        const first = Math.floor(from / CHUNK_BYTES);
        const past = Math.ceil((end - INLINE_BYTES) / CHUNK_BYTES);
        const bytes = Buffer.concat(chunks.all(firstChunkId(seq) + first, Math.min(firstChunkId(seq) + past, firstChunkId(seq + 1))));
        parts.push(bytes.subarray(from - first * CHUNK_BYTES, end - INLINE_BYTES - first * CHUNK_BYTES));
      }
      return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    },
  };
}

export function firstChunkId(seq: number): number {
  return seq * CHUNKS_PER_BODY;
}
