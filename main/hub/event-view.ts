import { isUtf8 } from "node:buffer";
import { LINE_CHARS, PREVIEW_CHARS, type EventSummary } from "../contract/event.ts";
import type { HubEvent, RequestHead } from "./ports.ts";

/** How many bytes of a body decide whether it is text, and how many of a text are searched. */
export const TEXT_PROBE_BYTES = 4096;
export const SEARCH_BYTES = 16 * 1024;

/** Control characters, line and paragraph separators, and the bidirectional overrides that would let a payload reorder the list's text. */
const UNSHOWABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** The control characters that no text file holds. */
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f]/;

export function toEventId(logId: string, seq: number): string {
  return `${logId}-${seq.toString(36)}`;
}

/** What the Events list and the live feed show of an event: the store's answers and the feed say the same. */
export function toSummary(event: HubEvent, logId: string): EventSummary {
  const head = event.head;
  return {
    seq: event.seq,
    id: event.id,
    time: event.receivedAt,
    protocol: event.protocol,
    direction: event.direction,
    source: event.source,
    topic: event.topic,
    contentType: event.contentType?.slice(0, LINE_CHARS) ?? null,
    size: event.size,
    method: head?.method ?? null,
    path: head?.target.slice(0, LINE_CHARS) ?? null,
    status: head?.status ?? null,
    state: event.state,
    refusal: event.refusal,
    truncated: event.truncated,
    verdict: event.verdict,
    verdictCause: event.verdictCause,
    duplicateOf: event.duplicateOfSeq === null ? null : toEventId(logId, event.duplicateOfSeq),
    traceId: event.traceSeq === null ? event.id : toEventId(logId, event.traceSeq),
    causeId: event.causeSeq === null ? null : toEventId(logId, event.causeSeq),
    hops: event.hops,
    retained: event.retained,
    ...(event.pinned ? { pinned: true } : {}),
    preview: previewOf(event.body, event.truncated),
  };
}

/**
 * The beginning of a body as one line of at most PREVIEW_CHARS UTF-16 units, or null when it is binary: not UTF-8, or
 * with a NUL, or with control characters and nothing to be seen, in its first TEXT_PROBE_BYTES. Those bytes are all that
 * is looked at, so a store may give only them; `more` says that bytes follow which are not given.
 */
export function previewOf(body: Uint8Array, more: boolean): string | null {
  if (!isText(body, more)) return null;
  // A UTF-16 unit takes at most 3 bytes of UTF-8.
  const text = decode(body, more, PREVIEW_CHARS * 3).slice(0, PREVIEW_CHARS);
  const whole = isHighSurrogate(text.charCodeAt(text.length - 1)) ? text.slice(0, -1) : text;
  const line = whole.replace(UNSHOWABLE, " ");
  return line.trim() === "" && CONTROL.test(whole) ? null : line;
}

/** What free-text search sees of an event: topic, path, and the first SEARCH_BYTES of a text body. */
export function searchTextOf(event: Searchable): string {
  const text = isText(event.body, event.truncated) ? decode(event.body, event.truncated, SEARCH_BYTES) : "";
  return `${event.topic} ${event.head?.target ?? ""} ${text}`;
}

export type Searchable = Pick<HubEvent, "topic" | "body" | "truncated"> & { readonly head: Pick<RequestHead, "target"> | null };

function isText(body: Uint8Array, more: boolean): boolean {
  const probe = cut(body, more, TEXT_PROBE_BYTES);
  return isUtf8(probe) && !probe.includes(0);
}

function decode(body: Uint8Array, more: boolean, maxBytes: number): string {
  const bytes = cut(body, more, maxBytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

/** The first bytes; where more follow, without a character that has only begun at their end. */
function cut(body: Uint8Array, more: boolean, maxBytes: number): Uint8Array {
  if (body.length <= maxBytes && !more) return body;
  const bytes = body.subarray(0, maxBytes);
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
