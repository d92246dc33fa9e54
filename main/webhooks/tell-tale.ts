import type { HeaderList } from "../contract/event.ts";

/** Headers that only providers of webhooks send: by these they are recognized, or ask for a handshake. */
const NAMES = [
  "Calendly-Webhook-Signature",
  "Linear-Delivery",
  "Linear-Signature",
  "PayPal-Transmission-Sig",
  "Sentry-Hook-Resource",
  "Sentry-Hook-Signature",
  "Shopify-Hmac-Sha256",
  "Stripe-Signature",
  "Svix-Id",
  "Svix-Signature",
  "Typeform-Signature",
  "Webhook-Id",
  "WebHook-Request-Origin",
  "Webhook-Signature",
  "X-Amz-Sns-Message-Type",
  "X-Atlassian-Webhook-Identifier",
  "X-Dropbox-Signature",
  "X-Event-Key",
  "X-GitHub-Delivery",
  "X-GitHub-Event",
  "X-Gitlab-Event",
  "X-Gitlab-Token",
  "X-Hook-Secret",
  "X-Hub-Signature",
  "X-Hub-Signature-256",
  "X-HubSpot-Signature",
  "X-HubSpot-Signature-v3",
  "X-Shopify-Hmac-Sha256",
  "X-Signature-Ed25519",
  "X-Slack-Signature",
  "X-Square-HmacSha256-Signature",
  "X-Twilio-Email-Event-Webhook-Signature",
  "X-Twilio-Signature",
  "X-Twitter-Webhooks-Signature",
  "X-Zendesk-Webhook-Signature",
  "X-Zm-Signature",
];
const names = new Set(NAMES.map((name) => name.toLowerCase()));
/** Most headers are none of these by their length alone. */
const lengths = new Set(NAMES.map((name) => name.length));

/** A longer body is no handshake. */
const MAX_HANDSHAKE_BYTES = 4096;

/**
 * May a request be a provider's? What it costs, every request of a source without a provider pays: for all but a few of them
 * nothing more is looked at.
 */
export function mayBeProviders(headers: HeaderList, target: string, body: Uint8Array): boolean {
  return hasTellTale(headers) || /[?&](?:validationToken|challenge)=/.test(target) || mayBeSlack(body);
}

function hasTellTale(headers: HeaderList): boolean {
  for (const [name] of headers) if (lengths.has(name.length) && names.has(name.toLowerCase())) return true;
  return false;
}

/** Slack's handshake is known by its body alone. */
function mayBeSlack(body: Uint8Array): boolean {
  return (
    body.length > 0 &&
    body.length <= MAX_HANDSHAKE_BYTES &&
    Buffer.from(body.buffer, body.byteOffset, body.length).includes("url_verification")
  );
}
