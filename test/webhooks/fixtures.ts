import { createECDH, createHash, createPrivateKey, createPublicKey } from "node:crypto";
import type { WebhookRequest } from "../../main/webhooks/provider.ts";
import { ED25519_PKCS8 } from "../../main/webhooks/signing-key.ts";

/** A request as a provider sends it, but for its signature, and what is to be read from it. */
export interface Fixture {
  readonly secret: string;
  readonly request: WebhookRequest;
  readonly deliveryId: string | RegExp | null;
  readonly eventType: string | null;
}

export const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
const json = { "Content-Type": "application/json" };
const form = { "Content-Type": "application/x-www-form-urlencoded" };
const CONTENT = /^sha256:[0-9a-f]{64}$/;

function post(headers: Readonly<Record<string, string>>, body: unknown, url = "https://hooks.example.com/in/shop"): WebhookRequest {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const usual = { Host: new URL(url).host, "User-Agent": "sender/1.0", Accept: "*/*" };
  return { method: "POST", url, headers: Object.entries({ ...usual, ...headers }), body: Buffer.from(text) };
}

/** Keys that are the same in every run, and nobody's. */
const seed = createHash("sha256").update("an Ed25519 key for tests").digest();
export const ed25519Private = createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, seed]), format: "der", type: "pkcs8" });
const pair = createECDH("prime256v1");
pair.setPrivateKey(createHash("sha256").update("a P-256 key for tests").digest());
const [x, y] = [pair.getPublicKey().subarray(1, 33), pair.getPublicKey().subarray(33)].map((bytes) => bytes.toString("base64url"));
export const p256Private = createPrivateKey({
  key: { kty: "EC", crv: "P-256", x: x!, y: y!, d: pair.getPrivateKey().toString("base64url") },
  format: "jwk",
});
export const p256Public = createPublicKey(p256Private).export({ format: "der", type: "spki" }).toString("base64");

/** The 32 bytes of a public Ed25519 key. */
export const ed25519Public = createPublicKey(ed25519Private).export({ format: "der", type: "spki" }).subarray(-32);

const standard = {
  "webhook-id": "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
  "webhook-timestamp": "1700000000",
  "webhook-signature": `v1,${Buffer.alloc(32).toString("base64")}`,
};
export const WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

export const FIXTURES: Readonly<Record<string, Fixture>> = {
  stripe: {
    secret: "whsec_5f3dQmT0y8CkXbYp",
    request: post(
      { ...json, "Stripe-Signature": "t=1,v1=0", "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)" },
      { id: "evt_1NG8Du2eZvKYlo2CUI79vXWy", object: "event", type: "payment_intent.succeeded", data: { object: { amount: 2000 } } },
    ),
    deliveryId: "evt_1NG8Du2eZvKYlo2CUI79vXWy",
    eventType: "payment_intent.succeeded",
  },
  github: {
    secret: "It's a Secret to Everybody",
    request: post(
      {
        ...json,
        "User-Agent": "GitHub-Hookshot/044aadd",
        "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "X-GitHub-Event": "push",
        "X-GitHub-Hook-ID": "292430182",
        "X-Hub-Signature": `sha1=${"0".repeat(40)}`,
        "X-Hub-Signature-256": `sha256=${"0".repeat(64)}`,
      },
      { ref: "refs/heads/main", commits: [] },
    ),
    deliveryId: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    eventType: "push",
  },
  gitlab: {
    secret: "a token for GitLab",
    request: post(
      {
        ...json,
        "User-Agent": "GitLab/17.1.0",
        "Idempotency-Key": "13792a34-cac6-4fda-95a8-c58e00a3954e",
        "X-Gitlab-Event": "Push Hook",
        "X-Gitlab-Event-UUID": "13792a34-cac6-4fda-95a8-c58e00a3954e",
        "X-Gitlab-Instance": "https://gitlab.example.com",
        "X-Gitlab-Token": "x",
        "X-Gitlab-Webhook-UUID": "02affd2d-2cba-4033-917d-ec22d5dc4b38",
      },
      { object_kind: "push", ref: "refs/heads/main" },
    ),
    deliveryId: "13792a34-cac6-4fda-95a8-c58e00a3954e",
    eventType: "Push Hook",
  },
  "gitlab-signing": {
    secret: WHSEC,
    request: post(
      { ...json, ...standard, "User-Agent": "GitLab/19.0.0", "Idempotency-Key": standard["webhook-id"], "X-Gitlab-Event": "Push Hook" },
      { object_kind: "push" },
    ),
    deliveryId: standard["webhook-id"],
    eventType: "Push Hook",
  },
  slack: {
    secret: "8f742231b10e8888abcd99yyyzzz85a5",
    request: post(
      {
        ...json,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": "1531420618",
        "X-Slack-Signature": "v0=0",
      },
      { token: "t", team_id: "T1", type: "event_callback", event_id: "Ev0PV52K25", event: { type: "app_mention", text: "hi" } },
    ),
    deliveryId: "Ev0PV52K25",
    eventType: "app_mention",
  },
  shopify: {
    secret: "shpss_hush",
    request: post(
      {
        ...json,
        "X-Shopify-Api-Version": "2026-01",
        "X-Shopify-Event-Id": "98880550-7158-44d4-b7cd-2c97c8a091b5",
        "X-Shopify-Hmac-Sha256": "x",
        "X-Shopify-Shop-Domain": "shop.myshopify.com",
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
      },
      { id: 820982911946154500, total_price: "199.00" },
    ),
    deliveryId: "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    eventType: "orders/create",
  },
  paypal: {
    secret: "9XL90610J3647323C",
    request: post(
      {
        ...json,
        "User-Agent": "PayPal/AUHD-214.0",
        "PAYPAL-AUTH-ALGO": "SHA256withRSA",
        "PAYPAL-CERT-URL": "https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-ab66f33d",
        "PAYPAL-TRANSMISSION-ID": "d938e770-8046-11e6-8103-6b62a8a99ac4",
        "PAYPAL-TRANSMISSION-SIG": "AAAA",
        "PAYPAL-TRANSMISSION-TIME": "2026-11-23T12:00:00Z",
      },
      { id: "WH-9UG43882HX7271132-6E0871324L7949614", event_type: "PAYMENT.SALE.COMPLETED" },
    ),
    deliveryId: "WH-9UG43882HX7271132-6E0871324L7949614",
    eventType: "PAYMENT.SALE.COMPLETED",
  },
  twilio: {
    secret: "12345",
    request: post(
      {
        ...form,
        "User-Agent": "TwilioProxy/1.1",
        "X-Twilio-Signature": "x",
        "I-Twilio-Idempotency-Token": "05a2e0ac-7d41-4a2c-9a4d-b5b5a3a6",
      },
      "MessageSid=SM1&MessageStatus=delivered&To=%2B15017122661&From=%2B15558675310",
    ),
    deliveryId: "05a2e0ac-7d41-4a2c-9a4d-b5b5a3a6",
    eventType: "message.delivered",
  },
  "standard-webhooks": {
    secret: WHSEC,
    request: post({ ...json, ...standard }, { type: "invoice.paid", timestamp: "2026-11-23T12:00:00Z", data: {} }),
    deliveryId: standard["webhook-id"],
    eventType: "invoice.paid",
  },
  discord: {
    secret: ed25519Public.toString("hex"),
    request: post(
      {
        ...json,
        "User-Agent": "Discord-Webhook/1.0 (+https://discord.com)",
        "X-Signature-Ed25519": "0",
        "X-Signature-Timestamp": "1700000000",
      },
      {
        version: 1,
        application_id: "1234560123453231555",
        type: 1,
        event: { type: "APPLICATION_AUTHORIZED", timestamp: "2026-10-18T14:42:53" },
      },
    ),
    deliveryId: CONTENT,
    eventType: "APPLICATION_AUTHORIZED",
  },
  square: {
    secret: "asdf1234",
    request: post(
      {
        ...json,
        "Square-Environment": "Sandbox",
        "Square-Initial-Delivery-Timestamp": "2026-11-23T12:00:00Z",
        "x-square-hmacsha256-signature": "x",
      },
      { merchant_id: "M", type: "payment.updated", event_id: "6a8f5f28-54a1-4eb0-a98a-3111513fd4fc" },
    ),
    deliveryId: "6a8f5f28-54a1-4eb0-a98a-3111513fd4fc",
    eventType: "payment.updated",
  },
  zoom: {
    secret: "zoom secret token",
    request: post(
      { ...json, "x-zm-request-timestamp": "1700000000", "x-zm-signature": "v0=0", "x-zm-trackingid": "v=2.0" },
      { event: "meeting.started", event_ts: 1626230691572, payload: { account_id: "A" } },
    ),
    deliveryId: CONTENT,
    eventType: "meeting.started",
  },
  meta: {
    secret: "app secret of Meta",
    request: post(
      {
        ...json,
        "User-Agent": "facebookexternalua",
        "X-Hub-Signature": `sha1=${"0".repeat(40)}`,
        "X-Hub-Signature-256": `sha256=${"0".repeat(64)}`,
      },
      {
        object: "whatsapp_business_account",
        entry: [{ id: "1", changes: [{ field: "messages", value: { messages: [{ id: "wamid.HBgL", type: "text" }] } }] }],
      },
    ),
    deliveryId: "wamid.HBgL",
    eventType: "messages",
  },
  dropbox: {
    secret: "app secret of Dropbox",
    request: post(
      { ...json, "User-Agent": "DropboxWebhooks/1.0", "X-Dropbox-Signature": "0" },
      { list_folder: { accounts: ["dbid:AAH4f99"] } },
    ),
    deliveryId: null,
    eventType: null,
  },
  "aws-sns": {
    secret: "arn:aws:sns:us-west-2:123456789012:MyTopic",
    request: post(
      {
        "Content-Type": "text/plain; charset=UTF-8",
        "User-Agent": "Amazon Simple Notification Service Agent",
        "x-amz-sns-message-type": "Notification",
        "x-amz-sns-message-id": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "x-amz-sns-topic-arn": "arn:aws:sns:us-west-2:123456789012:MyTopic",
      },
      {
        Type: "Notification",
        MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        TopicArn: "arn:aws:sns:us-west-2:123456789012:MyTopic",
        Subject: "My First Message",
        Message: "Hello world!",
        Timestamp: "2026-11-23T12:00:00.000Z",
        SignatureVersion: "2",
        Signature: "AAAA",
        SigningCertURL: "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem",
        UnsubscribeURL: "https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe",
      },
    ),
    deliveryId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
    eventType: "Notification",
  },
  linear: {
    secret: "lin_wh_secret",
    request: post(
      {
        ...json,
        "Linear-Delivery": "234d1a4e-b617-4388-90fe-adc3633d6b72",
        "Linear-Event": "Issue",
        "Linear-Signature": "0",
        "Linear-Timestamp": "1",
      },
      { action: "create", type: "Issue", data: { id: "2174add1" }, webhookTimestamp: 1676056940508, webhookId: "W" },
    ),
    deliveryId: "234d1a4e-b617-4388-90fe-adc3633d6b72",
    eventType: "Issue",
  },
  sentry: {
    secret: "client secret of Sentry",
    request: post(
      {
        ...json,
        "Request-ID": "4a2c7ad1d1ff4f3ca7b2",
        "Sentry-Hook-Resource": "issue",
        "Sentry-Hook-Timestamp": "1512000000",
        "Sentry-Hook-Signature": "0",
      },
      { action: "created", data: { issue: { id: "1" } } },
    ),
    deliveryId: "4a2c7ad1d1ff4f3ca7b2",
    eventType: "issue",
  },
  typeform: {
    secret: "typeform secret",
    request: post(
      { ...json, "Typeform-Signature": "sha256=x" },
      { event_id: "LtWXD3crgy", event_type: "form_response", form_response: {} },
    ),
    deliveryId: "LtWXD3crgy",
    eventType: "form_response",
  },
  intercom: {
    secret: "client secret of Intercom",
    request: post(
      { ...json, "X-Hub-Signature": `sha1=${"0".repeat(40)}`, "X-Request-Id": "b7d1" },
      { type: "notification_event", id: "notif_ccd8a4d0-f965-11e3-a367-c779cae3e1b3", topic: "conversation.user.created", data: {} },
    ),
    deliveryId: "notif_ccd8a4d0-f965-11e3-a367-c779cae3e1b3",
    eventType: "conversation.user.created",
  },
  hubspot: {
    secret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    request: post(
      {
        ...json,
        "X-HubSpot-Request-Timestamp": "1",
        "X-HubSpot-Signature": "0",
        "X-HubSpot-Signature-Version": "v1",
        "X-HubSpot-Signature-v3": "x",
      },
      [
        {
          eventId: 1,
          subscriptionId: 12345,
          portalId: 62515,
          occurredAt: 1564113600000,
          subscriptionType: "contact.creation",
          attemptNumber: 0,
          objectId: 123,
        },
      ],
    ),
    deliveryId: "12345:1:123:1564113600000",
    eventType: "contact.creation",
  },
  bitbucket: {
    secret: "bitbucket secret",
    request: post(
      {
        ...json,
        "User-Agent": "Bitbucket-Webhooks/2.0",
        "X-Attempt-Number": "1",
        "X-Event-Key": "repo:push",
        "X-Hook-UUID": "de305d54-75b4-431b-adb2-eb6b9e546014",
        "X-Hub-Signature": `sha256=${"0".repeat(64)}`,
        "X-Request-UUID": "80f9b0a4-4b6c-4d2d-9a57-1bb0c2a93f0a",
      },
      { push: { changes: [] } },
    ),
    deliveryId: "80f9b0a4-4b6c-4d2d-9a57-1bb0c2a93f0a",
    eventType: "repo:push",
  },
  jira: {
    secret: "jira secret",
    request: post(
      {
        ...json,
        "User-Agent": "Atlassian Webhook HTTP Client",
        "X-Atlassian-Webhook-Identifier": "c0a8f6c1-1b7c-4f9b-8e3e-0f4a2d5d7c11",
        "X-Hub-Signature": `sha256=${"0".repeat(64)}`,
      },
      { timestamp: 1525698237764, webhookEvent: "jira:issue_updated" },
    ),
    deliveryId: "c0a8f6c1-1b7c-4f9b-8e3e-0f4a2d5d7c11",
    eventType: "jira:issue_updated",
  },
  calendly: {
    secret: "calendly signing key",
    request: post(
      { ...json, "Calendly-Webhook-Signature": "t=1,v1=0" },
      { event: "invitee.created", created_at: "2026-11-23T12:00:00Z", payload: { uri: "https://api.calendly.com/x" } },
    ),
    deliveryId: CONTENT,
    eventType: "invitee.created",
  },
  zendesk: {
    secret: "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==",
    request: post(
      {
        ...json,
        "User-Agent": "Zendesk Webhook",
        "X-Zendesk-Account-Id": "123456",
        "X-Zendesk-Webhook-Id": "01F1KRFQ6BCG29CNWFR60NK5FNY",
        "X-Zendesk-Webhook-Invocation-Id": "8350205582",
        "X-Zendesk-Webhook-Signature": "x",
        "X-Zendesk-Webhook-Signature-Timestamp": "2026-11-23T12:00:00Z",
      },
      { type: "zen:event-type:ticket.created", id: "cbe4028c" },
    ),
    deliveryId: "8350205582",
    eventType: "zen:event-type:ticket.created",
  },
  mailgun: {
    secret: "key-3ax6xnjp29jd6fds4gc373sgvjxteol0",
    request: post(
      { ...json, "User-Agent": "Go-http-client/1.1" },
      {
        signature: { timestamp: "1529006854", token: "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0", signature: "0" },
        "event-data": { event: "opened", id: "Ase7i2zsRYeDXztHGENqRA" },
      },
    ),
    deliveryId: "Ase7i2zsRYeDXztHGENqRA",
    eventType: "opened",
  },
  sendgrid: {
    secret: p256Public,
    request: post(
      {
        ...json,
        "User-Agent": "SendGrid Event API",
        "X-Twilio-Email-Event-Webhook-Signature": "x",
        "X-Twilio-Email-Event-Webhook-Timestamp": "1700000000",
      },
      [{ email: "a@example.com", event: "delivered", sg_event_id: "ZGVsaXZlcmVkLTAtNDM" }],
    ),
    deliveryId: "ZGVsaXZlcmVkLTAtNDM",
    eventType: "delivered",
  },
  x: {
    secret: "consumer secret of X",
    request: post(
      { ...json, "X-Twitter-Webhooks-Signature": "sha256=x" },
      { for_user_id: "2244994945", direct_message_events: [{ id: "954491830116155396" }] },
    ),
    deliveryId: CONTENT,
    eventType: "direct_message_events",
  },
  "microsoft-graph": {
    secret: "secretClientState",
    request: post(json, {
      value: [
        {
          id: "lsgTZMr9KwAAA",
          subscriptionId: "76222963-cc7b-42d2-882d-8aaa69cb2ba3",
          clientState: "secretClientState",
          changeType: "updated",
          resource: "users/1/messages/2",
        },
      ],
    }),
    deliveryId: "lsgTZMr9KwAAA",
    eventType: "updated",
  },
};
