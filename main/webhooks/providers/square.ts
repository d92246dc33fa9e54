import { hasHeader } from "../read-header.ts";
import { readJson, textAt } from "../read-json.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

const header = "X-Square-HmacSha256-Signature";

export const square = createSignedProvider(
  {
    id: "square",
    name: "Square",
    docs: "https://developer.squareup.com/docs/webhooks/step3validate",
    secret: sharedSecret("Signature key", "Square Developer Console → your application → Webhooks → Subscriptions → Signature key."),
    covers: ["body", "url"],
    proven: true,
    evidence: "square 46.0.0",
    toleranceMs: null,
    budgetMs: 10_000,
    detect: ({ headers }) => (hasHeader(headers, header) ? "certain" : null),
    deliveryId: (request) => textAt(readJson(request), "event_id"),
    eventType: (request) => textAt(readJson(request), "type"),
  },
  [hmac({ header, encoding: "base64", template: "{url}{body}" })],
);
