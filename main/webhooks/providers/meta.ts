import { findHeader, hasHeader } from "../read-header.ts";
import { at, joinIds, listAt, readJson, textAt } from "../read-json.ts";
import { hmac } from "../hmac-scheme.ts";
import type { Confidence, WebhookRequest } from "../provider.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

const header = "X-Hub-Signature-256";
const OBJECTS = new Set(["page", "instagram", "whatsapp_business_account", "user", "permissions", "application"]);

export const meta = createSignedProvider(
  {
    id: "meta",
    name: "Meta (WhatsApp, Messenger, Instagram)",
    docs: "https://developers.facebook.com/docs/graph-api/webhooks/getting-started",
    secret: sharedSecret("App secret", "developers.facebook.com → your app → App settings → Basic → App secret."),
    covers: ["body"],
    proven: false,
    evidence: "third parties citing Meta's documentation; the same format as GitHub's",
    toleranceMs: null,
    budgetMs: 5000,
    detect: detectMeta,
    deliveryId: (request) => joinIds(listAt(readJson(request), "entry").flatMap(messageIds)),
    eventType: (request) => textAt(readJson(request), "entry", 0, "changes", 0, "field") ?? textAt(readJson(request), "object"),
  },
  [hmac({ header, prefix: "sha256=" })],
);

function detectMeta(request: WebhookRequest): Confidence | null {
  const { headers } = request;
  if (/^facebook/i.test(findHeader(headers, "User-Agent") ?? "")) return "certain";
  if (!hasHeader(headers, header) || hasHeader(headers, "X-GitHub-Event")) return null;
  const body = readJson(request);
  return OBJECTS.has(textAt(body, "object") ?? "") && Array.isArray(at(body, "entry")) ? "likely" : null;
}

/** WhatsApp's and Messenger's messages have ids, and a status is a message's id with what became of it; other changes have none. */
function messageIds(entry: unknown): (string | null)[] {
  const ids = listAt(entry, "changes").flatMap((change) => {
    const messages = listAt(change, "value", "messages").map((message) => textAt(message, "id"));
    const statuses = listAt(change, "value", "statuses").map((status) => joinParts(textAt(status, "id"), textAt(status, "status")));
    return messages.length + statuses.length === 0 ? [null] : [...messages, ...statuses];
  });
  return [...ids, ...listAt(entry, "messaging").map((one) => textAt(one, "message", "mid"))];
}

const joinParts = (id: string | null, status: string | null): string | null => (id === null || status === null ? null : `${id}:${status}`);
