import { hasHeader } from "../read-header.ts";
import { contentId, readJson, textAt } from "../read-json.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

const header = "x-zm-signature";

export const zoom = createSignedProvider(
  {
    id: "zoom",
    name: "Zoom",
    docs: "https://developers.zoom.us/docs/api/webhooks/",
    secret: sharedSecret("Secret token", "Zoom App Marketplace → Manage → your app → Features → Access → Secret Token."),
    covers: ["body", "time"],
    proven: true,
    evidence: "@zoom/rivet 0.4.0",
    toleranceMs: 300_000,
    budgetMs: 3000,
    detect: ({ headers }) => (hasHeader(headers, header) ? "certain" : null),
    deliveryId: (request) => (textAt(readJson(request), "event_ts") ? contentId(request) : null),
    eventType: (request) => textAt(readJson(request), "event"),
  },
  [hmac({ header, prefix: "v0=", timestampHeader: "x-zm-request-timestamp", template: "v0:{timestamp}:{body}" })],
);
