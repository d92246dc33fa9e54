import { CONTENT, type Fixture, form, json, post } from "./fixture.ts";
import { OTHER_FIXTURES } from "./other-fixtures.ts";

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
  ...OTHER_FIXTURES,
};
