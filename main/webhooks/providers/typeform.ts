import { hasHeader } from "../read-header.ts";
import { readJson, textAt } from "../read-json.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

const header = "Typeform-Signature";

export const typeform = createSignedProvider(
  {
    id: "typeform",
    name: "Typeform",
    docs: "https://www.typeform.com/developers/webhooks/secure-your-webhooks/",
    secret: sharedSecret("Secret", "Form → Connect → Webhooks → your webhook → Secret."),
    covers: ["body"],
    proven: false,
    evidence: "third parties citing Typeform's documentation",
    toleranceMs: null,
    budgetMs: 30_000,
    detect: ({ headers }) => (hasHeader(headers, header) ? "certain" : null),
    deliveryId: (request) => textAt(readJson(request), "event_id"),
    eventType: (request) => textAt(readJson(request), "event_type"),
  },
  [hmac({ header, prefix: "sha256=", encoding: "base64" })],
);
