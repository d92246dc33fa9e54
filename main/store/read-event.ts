import { createHash } from "node:crypto";
import { MAX_CHUNK_BYTES, type BodyChunk } from "../contract/calls.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import type { EventDetail } from "../contract/event.ts";
import { toSummary } from "../hub/event-view.ts";
import type { LogReader } from "./log-reader.ts";

/** Bytes of a body that are held at once while it is hashed. */
const HASH_STEP_BYTES = 1024 * 1024;

/** One event whole, but for its body, of which there is the hash. */
export function readEvent(reader: LogReader, id: string): Result<EventDetail> {
  return reader.atOnce(() => {
    const seq = toSeq(id, reader.logId);
    const row = seq === null ? undefined : reader.events.row(seq);
    if (row === undefined) return notFound(id);
    const event = reader.events.event(row, "preview", reader.logId);
    const storedBytes = reader.bodies.storedBytes(row.seq) ?? 0;
    const question = event.head?.target.indexOf("?") ?? -1;
    return accept({
      ...toSummary(event, reader.logId),
      contentType: event.contentType,
      path: event.head?.target ?? null,
      headers: event.head?.headers ?? [],
      trailers: event.head?.trailers ?? [],
      query: question < 0 ? null : event.head!.target.slice(question + 1),
      httpVersion: event.head?.httpVersion ?? null,
      remoteAddress: event.head?.remoteAddress ?? null,
      publicUrl: event.head?.publicUrl ?? null,
      storedBytes,
      sha256: hashBody(reader, row.seq, storedBytes),
      ...(event.verdictMessage === undefined ? {} : { verdictMessage: event.verdictMessage }),
    });
  });
}

/** Part of an event's body; past its end there is nothing more to give. */
export function readBody(reader: LogReader, id: string, offset: number, length: number): Result<BodyChunk> {
  if (!Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(length) || length < 0)
    return refuse("PARAMS_INVALID", "`offset` and `length` of a body must be whole numbers from 0.");
  return reader.atOnce(() => {
    const seq = toSeq(id, reader.logId);
    const storedBytes = seq === null ? null : reader.bodies.storedBytes(seq);
    if (seq === null || storedBytes === null) return notFound(id);
    const most = Math.min(length, MAX_CHUNK_BYTES, Math.max(0, storedBytes - offset));
    const bytes = most === 0 ? Buffer.alloc(0) : reader.bodies.read(seq, offset, most);
    return accept({ base64: bytes.toString("base64"), offset, storedBytes });
  });
}

/** The seq an id of this log stands for; null for another log's, or for what is no id. */
export function toSeq(id: string, logId: string): number | null {
  const match = /^([0-9a-z]+)-([0-9a-z]{1,11})$/.exec(id);
  if (match?.[1] !== logId) return null;
  const seq = Number.parseInt(match[2]!, 36);
  return Number.isSafeInteger(seq) && seq.toString(36) === match[2] ? seq : null;
}

function hashBody(reader: LogReader, seq: number, storedBytes: number): string {
  const hash = createHash("sha256");
  for (let at = 0; at < storedBytes; at += HASH_STEP_BYTES) hash.update(reader.bodies.read(seq, at, HASH_STEP_BYTES));
  return hash.digest("hex");
}

/** Of an id that stands for no event here. */
export function notFound(id: string): { ok: false; refusal: { code: "EVENT_NOT_FOUND"; message: string } } {
  return {
    ok: false,
    refusal: { code: "EVENT_NOT_FOUND", message: `There is no event "${id}" in this log. It may belong to another data folder.` },
  };
}
