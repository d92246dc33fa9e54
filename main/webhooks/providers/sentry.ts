import { findHeader, hasHeader } from "../read-header.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

export const sentry = createSignedProvider(
  {
    id: "sentry",
    name: "Sentry",
    docs: "https://docs.sentry.io/organization/integrations/integration-platform/webhooks/",
    secret: sharedSecret("Client secret", "Sentry → Settings → Developer settings → your integration → Client Secret."),
    covers: ["body"],
    proven: false,
    evidence: "Sentry's documentation",
    toleranceMs: null,
    budgetMs: 1000,
    detect: ({ headers }) => (hasHeader(headers, "Sentry-Hook-Resource") || hasHeader(headers, "Sentry-Hook-Signature") ? "certain" : null),
    deliveryId: ({ headers }) => findHeader(headers, "Request-ID"),
    eventType: ({ headers }) => findHeader(headers, "Sentry-Hook-Resource"),
  },
  [hmac({ header: "Sentry-Hook-Signature" })],
);
