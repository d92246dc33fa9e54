import { sign } from "node:crypto";
import type { WebhookRequest } from "../../../main/webhooks/provider.ts";
import type { SeededRandom } from "../../support/seeded-random.ts";
import { ed25519Private, ed25519Public, p256Private, p256Public } from "../test-keys.ts";
import { type Oracle, headerOf, load, loadFile, passes, textOf, withHeaders } from "./oracle.ts";
import { jsonRequest, randomText, randomUrl } from "./random-request.ts";

const ANY_TIME = { onlyAcceptedBy: "vendor", why: "it does not look at the time, which is signed" } as const;

const discord: Oracle = {
  provider: "discord",
  sdk: "discord-interactions 4.4.0",
  header: "X-Signature-Ed25519",
  time: { header: "X-Signature-Timestamp", unitMs: 1000 },
  prefix: "",
  secret: () => ed25519Public.toString("hex"),
  otherSecret: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  request: (random) => jsonRequest(random, { version: 1, type: 1 }),
  sign(request, now) {
    const timestamp = String(Math.floor(now / 1000));
    const signature = sign(null, Buffer.concat([Buffer.from(timestamp), request.body]), ed25519Private).toString("hex");
    return withHeaders(request, ["X-Signature-Ed25519", signature], ["X-Signature-Timestamp", timestamp]);
  },
  differences: {
    "a second too late": ANY_TIME,
    "a day late": ANY_TIME,
    "a day early": ANY_TIME,
    "the signature cut short": { onlyAcceptedBy: "vendor", why: "it reads half a byte at the end as a whole one" },
  },
  open: () => {
    const { verifyKey } = load("discord-interactions") as {
      verifyKey: (body: Buffer, signature: string, timestamp: string, key: string) => Promise<boolean>;
    };
    return Promise.resolve((request, key) =>
      verifyKey(Buffer.from(request.body), headerOf(request, "X-Signature-Ed25519"), headerOf(request, "X-Signature-Timestamp"), key),
    );
  },
};

interface EventWebhook {
  convertPublicKeyToECDSA(key: string): object;
  verifySignature(key: object, body: Buffer, signature: string, timestamp: string): boolean;
}

const sendgrid: Oracle = {
  provider: "sendgrid",
  sdk: "@sendgrid/eventwebhook 8.0.0",
  header: "X-Twilio-Email-Event-Webhook-Signature",
  time: { header: "X-Twilio-Email-Event-Webhook-Timestamp", unitMs: 1000 },
  prefix: "",
  secret: () => p256Public,
  otherSecret:
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==",
  request: (random) => jsonRequest(random, { sg_event_id: "x" }),
  sign(request, now) {
    const timestamp = String(Math.floor(now / 1000));
    const signature = sign("sha256", Buffer.concat([Buffer.from(timestamp), request.body]), p256Private).toString("base64");
    return withHeaders(
      request,
      ["X-Twilio-Email-Event-Webhook-Signature", signature],
      ["X-Twilio-Email-Event-Webhook-Timestamp", timestamp],
    );
  },
  differences: {
    "the signature cut short": { onlyAcceptedBy: "vendor", why: "it needs no = at the end of base64" },
    "more behind a second separator": { onlyAcceptedBy: "vendor", why: "it skips what is no base64, and all behind it" },
  },
  open: () => {
    const { EventWebhook } = load("@sendgrid/eventwebhook") as { EventWebhook: new () => EventWebhook };
    const webhook = new EventWebhook();
    return Promise.resolve((request, key) => {
      let fits = false;
      const asked = passes(() => {
        const [signature, timestamp] = [
          headerOf(request, "X-Twilio-Email-Event-Webhook-Signature"),
          headerOf(request, "X-Twilio-Email-Event-Webhook-Timestamp"),
        ];
        fits = webhook.verifySignature(webhook.convertPublicKeyToECDSA(key), Buffer.from(request.body), signature, timestamp);
      });
      return asked && fits;
    });
  },
};

interface Twilio {
  validateRequest: (token: string, signature: string, url: string, fields: Record<string, string | string[]>) => boolean;
  validateRequestWithBody: (token: string, signature: string, url: string, body: string) => boolean;
}

const twilioHeader = "X-Twilio-Signature";

function twilio(kind: "form" | "JSON"): Oracle {
  return {
    provider: "twilio",
    sdk: `twilio 6.2.0 (${kind})`,
    header: twilioHeader,
    prefix: "",
    signsUrl: true,
    secret: (random) => randomText(random, 32),
    request: (random) => (kind === "JSON" ? jsonRequest(random, { AccountSid: "AC1" }) : formRequest(random)),
    differences: {},
    open: () => {
      const { validateRequest, validateRequestWithBody } = loadFile("twilio/lib/webhooks/webhooks.js") as Twilio;
      return Promise.resolve((request, token) => {
        const signature = headerOf(request, twilioHeader);
        return kind === "JSON"
          ? validateRequestWithBody(token, signature, request.url!, textOf(request))
          : validateRequest(token, signature, request.url!, fieldsOf(request));
      });
    },
  };
}

function formRequest(random: SeededRandom): WebhookRequest {
  const form = new URLSearchParams();
  for (let left = random.below(8); left >= 0; left -= 1)
    form.append(
      random.pick(["From", "To", "Body", "Digits", "MediaUrl", "é", "a b"]),
      random.pick(["+1 501", "a&b=c", "日本", "", randomText(random, 12)]),
    );
  const headers = [
    ["Host", "hooks.example.com"],
    ["Content-Type", "application/x-www-form-urlencoded"],
  ] as const;
  return { method: "POST", url: randomUrl(random), headers, body: Buffer.from(form.toString()) };
}

/** As a form parser gives them: a list where a name comes more than once. */
function fieldsOf(request: WebhookRequest): Record<string, string | string[]> {
  const form = new URLSearchParams(textOf(request));
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => [name, form.getAll(name).length > 1 ? form.getAll(name) : form.get(name)!]),
  );
}

export const KEY_ORACLES: readonly Oracle[] = [discord, sendgrid, twilio("form"), twilio("JSON")];
