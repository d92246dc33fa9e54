import { findHeader, hasHeader } from "../read-header.ts";
import { readJson, textAt } from "../read-json.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

const header = "X-Zendesk-Webhook-Signature";

export const zendesk = createSignedProvider(
  {
    id: "zendesk",
    name: "Zendesk",
    docs: "https://developer.zendesk.com/documentation/webhooks/verifying/",
    secret: sharedSecret("Signing secret", "Admin Center → Apps and integrations → Webhooks → your webhook → Reveal secret."),
    covers: ["body", "time"],
    proven: false,
    evidence: "Zendesk's documentation",
    // Whether an attempt is signed anew is not said, and attempts go on for long.
    toleranceMs: null,
    budgetMs: 12_000,
    detect: ({ headers }) =>
      [header, "X-Zendesk-Webhook-Id", "X-Zendesk-Account-Id"].some((name) => hasHeader(headers, name)) ? "certain" : null,
    deliveryId: ({ headers }) => findHeader(headers, "X-Zendesk-Webhook-Invocation-Id"),
    eventType: (request) => textAt(readJson(request), "type"),
  },
  [
    hmac({
      header,
      encoding: "base64",
      timestampHeader: "X-Zendesk-Webhook-Signature-Timestamp",
      timestampFormat: "rfc3339",
      template: "{timestamp}{body}",
    }),
  ],
);
