import type { HeaderList } from "../contract/event.ts";
import type { NewEvent, RequestHead } from "../hub/ports.ts";

/** What `payloads.head` keeps: what is shown of an event but never searched by column. */
export interface StoredHead {
  readonly contentType: string | null;
  readonly verdictCause: string | null;
  /** Method and status are columns of `events`. */
  readonly request: Omit<RequestHead, "method" | "status"> | null;
  readonly attributes: HeaderList | null;
  readonly verdictMessage: string | null;
}

type HeadTuple = [
  contentType: string | null,
  verdictCause: string | null,
  target?: string | null,
  httpVersion?: string | null,
  remoteAddress?: string | null,
  publicUrl?: string | null,
  headers?: HeaderList | null,
  trailers?: HeaderList | null,
  attributes?: HeaderList | null,
  verdictMessage?: string,
];

const NOTHING: StoredHead = { contentType: null, verdictCause: null, request: null, attributes: null, verdictMessage: null };

/** A JSON array, to which members may be added at the end; null when there is nothing to keep. */
export function toStoredHead({ contentType, verdictCause, head, attributes, verdictMessage }: NewEvent): string | null {
  const rest = toRest(attributes, verdictMessage);
  if (head === null && rest.length > 0)
    return JSON.stringify([contentType, verdictCause, null, null, null, null, null, null, ...rest] satisfies HeadTuple);
  if (head === null) return contentType === null && verdictCause === null ? null : JSON.stringify([contentType, verdictCause]);
  const { target, httpVersion, remoteAddress, publicUrl, headers, trailers } = head;
  const tuple: HeadTuple = [contentType, verdictCause, target, httpVersion, remoteAddress, publicUrl, headers, trailers, ...rest];
  return JSON.stringify(tuple);
}

/** Most events have neither. */
function toRest(attributes: HeaderList | undefined, verdictMessage: string | undefined): [] | [HeaderList] | [HeaderList | null, string] {
  if (verdictMessage !== undefined) return [attributes ?? null, verdictMessage];
  return attributes === undefined ? [] : [attributes];
}

export function fromStoredHead(stored: Buffer | null): StoredHead {
  if (stored === null || stored.length === 0) return NOTHING;
  const [contentType, verdictCause, target, httpVersion, remoteAddress, publicUrl, headers, trailers, attributes, verdictMessage] =
    JSON.parse(stored.toString("utf8")) as HeadTuple;
  const request =
    typeof target === "string"
      ? {
          target,
          httpVersion: httpVersion ?? "",
          remoteAddress: remoteAddress ?? "",
          publicUrl: publicUrl ?? "",
          headers: headers ?? [],
          trailers: trailers ?? [],
        }
      : null;
  return { contentType, verdictCause, request, attributes: attributes ?? null, verdictMessage: verdictMessage ?? null };
}
