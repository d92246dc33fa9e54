import { hasHeader } from "../read-header.ts";
import { contentId, readJson, textAt } from "../read-json.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

const header = "Calendly-Webhook-Signature";

export const calendly = createSignedProvider(
  {
    id: "calendly",
    name: "Calendly",
    docs: "https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures",
    secret: sharedSecret(
      "Signing key",
      "The signing_key given when the webhook subscription was made over the API, or that of the OAuth application.",
    ),
    covers: ["body", "time"],
    proven: false,
    evidence: "third parties citing Calendly's documentation; Stripe's format, and checked with stripe 23.1.0",
    toleranceMs: 300_000,
    budgetMs: 15_000,
    detect: ({ headers }) => (hasHeader(headers, header) ? "certain" : null),
    deliveryId: (request) => (textAt(readJson(request), "created_at") ? contentId(request) : null),
    eventType: (request) => textAt(readJson(request), "event"),
  },
  [hmac({ header, prefix: "v1=", separator: ",", timestampPrefix: "t=", template: "{timestamp}.{body}" })],
);
