import { findHeader, hasHeader } from "../read-header.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

const webhooks = hmac({ header: "X-Shopify-Hmac-Sha256", encoding: "base64" });
/** The newer Events API leaves the X- out. */
const events = hmac({ header: "Shopify-Hmac-Sha256", encoding: "base64" });

export const shopify = createSignedProvider(
  {
    id: "shopify",
    name: "Shopify",
    docs: "https://shopify.dev/docs/apps/build/webhooks/subscribe/https",
    secret: sharedSecret(
      "Client secret",
      "The app's client secret; for webhooks made in the admin, what stands under Settings → Notifications → Webhooks.",
    ),
    covers: ["body"],
    proven: true,
    evidence: "@shopify/shopify-api 13.1.0",
    toleranceMs: null,
    budgetMs: 5000,
    detect: ({ headers }) =>
      ["X-Shopify-Hmac-Sha256", "Shopify-Hmac-Sha256", "X-Shopify-Topic"].some((name) => hasHeader(headers, name)) ? "certain" : null,
    // The webhook id stays the same over attempts; the event id is shared by all subscriptions to one event.
    deliveryId: ({ headers }) =>
      findHeader(headers, "X-Shopify-Webhook-Id") ?? findHeader(headers, "Shopify-Webhook-Id") ?? findHeader(headers, "X-Shopify-Event-Id"),
    eventType: ({ headers }) => findHeader(headers, "X-Shopify-Topic") ?? findHeader(headers, "Shopify-Topic"),
  },
  [webhooks, events],
);
