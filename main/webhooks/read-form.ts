import type { WebhookRequest } from "./provider.ts";
import { findHeader } from "./read-header.ts";

/** Longer forms are not looked into; no provider sends such. */
const MAX_BYTES = 1024 * 1024;

/** The body's fields when it says that it is a form; null when not. */
export function readForm({ headers, body }: Pick<WebhookRequest, "headers" | "body">): URLSearchParams | null {
  const type = findHeader(headers, "Content-Type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded" || body.length > MAX_BYTES) return null;
  return new URLSearchParams(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
}
