import { createHash } from "node:crypto";
import type { Provider, WebhookRequest } from "./provider.ts";

const MAX_CHARS = 200;

/** What tells one delivery from another, of a length that can be kept for each; null when the provider sends nothing of the kind. */
export function deliveryIdOf(provider: Provider, request: WebhookRequest): string | null {
  const id = provider.deliveryId(request);
  if (id === null || id === "") return null;
  return id.length <= MAX_CHARS ? id : `sha256:${createHash("sha256").update(id).digest("hex")}`;
}
