import { createPublicKey } from "node:crypto";
import { createHeaderScheme, template } from "../header-scheme.ts";
import { hasHeader } from "../read-header.ts";
import { joinIds, listAt, readJson, textAt } from "../read-json.ts";
import { type SigningKey, createPublicSigningKey } from "../signing-key.ts";
import { createSignedProvider, publicKey } from "../signed-provider.ts";

const header = "X-Twilio-Email-Event-Webhook-Signature";

/** As SendGrid shows it, base64 of a public key in DER, or the same as PEM. */
function toKey(secret: string): SigningKey | null {
  try {
    const key = secret.includes("-----BEGIN")
      ? createPublicKey(secret)
      : createPublicKey({ key: Buffer.from(secret, "base64"), format: "der", type: "spki" });
    return key.asymmetricKeyType === "ec" ? createPublicSigningKey("", "base64", key) : null;
  } catch {
    return null; // no key: said to whoever set it
  }
}

const scheme = createHeaderScheme(
  {
    header,
    prefixes: [""],
    separator: null,
    timestampHeader: "X-Twilio-Email-Event-Webhook-Timestamp",
    timestampPrefix: null,
    timestampFormat: "seconds",
    idHeader: null,
    shape: /^([A-Za-z0-9+/]{4}){15,26}([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  },
  template("{timestamp}{body}"),
  { toKey, mistakenKeys: () => [] },
);

export const sendgrid = createSignedProvider(
  {
    id: "sendgrid",
    name: "SendGrid",
    docs: "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features",
    secret: publicKey(
      "Verification key",
      "SendGrid → Settings → Mail Settings → Event Webhooks → Signed event webhook → Verification key.",
      (value) => (toKey(value) ? null : "SendGrid's verification keys are base64 and begin with MFkw."),
    ),
    covers: ["body", "time"],
    proven: true,
    evidence: "@sendgrid/eventwebhook 8.0.0",
    // Whether an attempt is signed anew is not said, and attempts go on for a day.
    toleranceMs: null,
    budgetMs: 10_000,
    detect: (request) => {
      if (hasHeader(request.headers, header)) return "certain";
      return textAt(readJson(request), 0, "sg_event_id") ? "likely" : null;
    },
    deliveryId: (request) => joinIds(listAt(readJson(request)).map((event) => textAt(event, "sg_event_id"))),
    eventType: (request) => textAt(readJson(request), 0, "event"),
  },
  [scheme],
);
