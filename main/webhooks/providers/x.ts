import { hasHeader } from "../read-header.ts";
import { contentId, readJson } from "../read-json.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

const header = "X-Twitter-Webhooks-Signature";

export const x = createSignedProvider(
  {
    id: "x",
    name: "X (Twitter)",
    docs: "https://docs.x.com/x-api/webhooks/introduction",
    secret: sharedSecret("API key secret", "developer.x.com → your app → Keys and tokens → API Key Secret (the consumer secret)."),
    covers: ["body"],
    proven: false,
    evidence: "X's documentation",
    toleranceMs: null,
    budgetMs: 3000,
    detect: ({ headers }) => (hasHeader(headers, header) ? "certain" : null),
    // Its events say in the body when and what they are; there is no id of the delivery.
    deliveryId: contentId,
    eventType: (request) => eventName(readJson(request)),
  },
  [hmac({ header, prefix: "sha256=", encoding: "base64" })],
);

/** The one list of the body is named after its events: `direct_message_events`. */
function eventName(body: unknown): string | null {
  if (typeof body !== "object" || body === null) return null;
  return Object.keys(body).find((key) => /^[a-z_]{1,100}_events$/.test(key)) ?? null;
}
