import { ERRORS, type Refusal } from "../contract/errors.ts";

/** How long a sender is asked to wait before it tries again, by what stands in the way. */
const RETRY_AFTER_S: Readonly<Record<string, number>> = { HUB_BUSY: 1, TOO_MANY_CONNECTIONS: 1, STORE_FULL: 30 };
const RETRY_AFTER_OTHERWISE_S = 5;

export interface HttpAnswer {
  readonly status: number;
  /** Flat, as Node's writeHead takes them. */
  readonly headers: string[];
  readonly body: string;
}

/** A refusal in HTTP's words: the catalogue's status, the same JSON shape everywhere, Retry-After where it helps. */
export function toHttpAnswer({ code, message, details }: Refusal): HttpAnswer {
  const { httpStatus: status, retryable } = ERRORS[code];
  const body = `${JSON.stringify({ error: details ? { code, message, details } : { code, message } })}\n`;
  const headers = [
    "Content-Type",
    "application/json",
    "Content-Length",
    String(Buffer.byteLength(body)),
    "X-Content-Type-Options",
    "nosniff",
  ];
  if (retryable && status >= 500) headers.push("Retry-After", String(RETRY_AFTER_S[code] ?? RETRY_AFTER_OTHERWISE_S));
  return { status, headers, body };
}
