import { findHeader, hasHeader } from "../read-header.ts";
import { readJson, textAt } from "../read-json.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";
import { standardSecretFault, standardWebhooksScheme } from "../standard-webhooks-scheme.ts";

export const standardWebhooks = createSignedProvider(
  {
    id: "standard-webhooks",
    name: "Standard Webhooks, Svix",
    docs: "https://www.standardwebhooks.com",
    secret: sharedSecret(
      "Signing secret",
      "whsec_… for HMAC, whpk_… (or whsk_…) for Ed25519. So sign Clerk, Resend, OpenAI, Supabase, Render, Polar and whoever sends through Svix.",
      standardSecretFault,
    ),
    covers: ["body", "time", "id"],
    proven: true,
    evidence: "standardwebhooks 1.1.1 and svix 1.99.1; v1a by openssl",
    toleranceMs: 300_000,
    budgetMs: 15_000,
    detect: ({ headers }) =>
      ["webhook", "svix"].some((name) => ["id", "timestamp", "signature"].every((part) => hasHeader(headers, `${name}-${part}`))) &&
      !hasHeader(headers, "X-Gitlab-Event")
        ? "certain"
        : null,
    deliveryId: ({ headers }) => findHeader(headers, "webhook-id") ?? findHeader(headers, "svix-id"),
    eventType: (request) => textAt(readJson(request), "type"),
  },
  [standardWebhooksScheme("webhook"), standardWebhooksScheme("svix")],
);
