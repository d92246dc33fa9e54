import { CONTENT, type Fixture, json, post } from "./fixture.ts";
import { ed25519Public, p256Public } from "./test-keys.ts";

/** Those that do not sign by an HMAC in the headers with their own secret. */
export const OTHER_FIXTURES: Readonly<Record<string, Fixture>> = {
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
