import { hasHeader } from "../read-header.ts";
import { readJson, textAt } from "../read-json.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

const header = "X-Hub-Signature";

export const intercom = createSignedProvider(
  {
    id: "intercom",
    name: "Intercom",
    docs: "https://developers.intercom.com/docs/webhooks",
    secret: sharedSecret("Client secret", "Intercom Developer Hub → your app → Configure → Basic information → Client secret."),
    covers: ["body"],
    proven: false,
    evidence: "third parties citing Intercom's documentation",
    toleranceMs: null,
    budgetMs: 5000,
    detect: (request) =>
      hasHeader(request.headers, header) && textAt(readJson(request), "type") === "notification_event" ? "certain" : null,
    deliveryId: (request) => textAt(readJson(request), "id"),
    eventType: (request) => textAt(readJson(request), "topic"),
  },
  [hmac({ header, prefix: "sha1=", algorithm: "sha1" })],
);
