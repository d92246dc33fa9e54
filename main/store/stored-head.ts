import type { HeaderList } from "../contract/event.ts";
import type { NewEvent, RequestHead } from "../hub/ports.ts";

/** What `payloads.head` keeps: what is shown of an event but never searched by column. */
export interface StoredHead {
  readonly contentType: string | null;
  readonly verdictCause: string | null;
  /** Method and status are columns of `events`. */
  readonly request: Omit<RequestHead, "method" | "status"> | null;
}

type HeadTuple = [
  contentType: string | null,
  verdictCause: string | null,
  target?: string,
  httpVersion?: string,
  remoteAddress?: string,
  publicUrl?: string,
  headers?: HeaderList,
  trailers?: HeaderList,
];

const NOTHING: StoredHead = { contentType: null, verdictCause: null, request: null };

/** A JSON array, to which members may be added at the end; null when there is nothing to keep. */
export function toStoredHead({ contentType, verdictCause, head }: NewEvent): string | null {
  if (head === null) return contentType === null && verdictCause === null ? null : JSON.stringify([contentType, verdictCause]);
  const { target, httpVersion, remoteAddress, publicUrl, headers, trailers } = head;
  const tuple: HeadTuple = [contentType, verdictCause, target, httpVersion, remoteAddress, publicUrl, headers, trailers];
  return JSON.stringify(tuple);
}

export function fromStoredHead(stored: Buffer | null): StoredHead {
  if (stored === null || stored.length === 0) return NOTHING;
  const [contentType, verdictCause, target, httpVersion = "", remoteAddress = "", publicUrl = "", headers = [], trailers = []] = JSON.parse(
    stored.toString("utf8"),
  ) as HeadTuple;
  const request = target === undefined ? null : { target, httpVersion, remoteAddress, publicUrl, headers, trailers };
  return { contentType, verdictCause, request };
}
