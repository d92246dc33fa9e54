import { at, readJson, textAt } from "../read-json.ts";
import { hasHeader } from "../read-header.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

/** The key is the secret as it is written, `whsec_` and all. `v0` beside `v1` is for tests of Stripe's own. */
const v1 = hmac({
  header: "Stripe-Signature",
  prefix: "v1=",
  separator: ",",
  timestampPrefix: "t=",
  template: "{timestamp}.{body}",
});

export const stripe = createSignedProvider(
  {
    id: "stripe",
    name: "Stripe",
    docs: "https://docs.stripe.com/webhooks/signature",
    secret: sharedSecret(
      "Signing secret",
      "Workbench → Webhooks → your endpoint → Signing secret (whsec_…); `stripe listen` prints one of its own.",
      (value) => (/^[spr]k_(live|test)_/.test(value) ? "This is an API key of Stripe. Signing secrets begin with whsec_." : null),
    ),
    covers: ["body", "time"],
    proven: true,
    evidence: "stripe 23.1.0",
    toleranceMs: 300_000,
    budgetMs: 10_000,
    detect: ({ headers }) => (hasHeader(headers, "Stripe-Signature") ? "certain" : null),
    deliveryId: (request) => (isEvent(readJson(request)) ? textAt(readJson(request), "id") : null),
    eventType: (request) => (isEvent(readJson(request)) ? textAt(readJson(request), "type") : null),
  },
  [v1],
);

/** Snapshot events, and the thin ones of API v2. */
function isEvent(body: unknown): boolean {
  const object = at(body, "object");
  return object === "event" || object === "v2.core.event" || textAt(body, "id")?.startsWith("evt_") === true;
}
