import { crc32 } from "node:zlib";
import { certificateFault, pinnedUrl, verifyRsa } from "../certificate.ts";
import type { Provider, WebhookRequest } from "../provider.ts";
import type { Verification, WebhookSecret } from "../../contract/verification.ts";
import { findHeader, hasHeader, readHeader } from "../read-header.ts";
import { readJson, textAt } from "../read-json.ts";
import { parseTime, timeFault } from "../signed-time.ts";
import { failed, unverifiable, verified } from "../verdict.ts";

const CERTIFICATE_URL = /^https:\/\/api(\.sandbox)?\.paypal\.com\/v1\/notifications\/certs\/[A-Za-z0-9-]+$/;
/** To whom PayPal's certificates for this are issued. */
const SUBJECT = /^CN=messageverificationcerts(\.sandbox)?\.paypal\.com$/m;

export const paypal: Provider = {
  id: "paypal",
  name: "PayPal",
  docs: "https://developer.paypal.com/api/rest/webhooks/rest/",
  secret: {
    kind: "identifier",
    label: "Webhook ID",
    help: "PayPal Developer Dashboard → Apps & Credentials → your app → Webhooks → Webhook ID. It is part of what is signed.",
    required: true,
    fault: (value) => (/^[\w-]{1,100}$/.test(value) ? null : "A webhook ID is letters and digits, as 9XL90610J3647323C."),
  },
  covers: ["body", "time", "id"],
  proven: true,
  evidence: "requests PayPal published with its SDKs, signed with its sandbox certificate of 2015",
  // Attempts go on for three days; whether they are signed anew is not said.
  toleranceMs: null,
  budgetMs: null,
  detect: ({ headers }) => (hasHeader(headers, "PAYPAL-TRANSMISSION-SIG") ? "certain" : null),
  certificateUrl({ headers }) {
    const written = readHeader(headers, "PAYPAL-CERT-URL");
    if (typeof written !== "string") return { verification: written };
    const url = pinnedUrl(written, CERTIFICATE_URL);
    return url
      ? { url }
      : {
          verification: failed(
            "certificate-untrusted",
            `The certificate is said to be at ${JSON.stringify(written.slice(0, 200))}, which is not PayPal's.`,
          ),
        };
  },
  verify(request, webhookIds, context) {
    const claim = readClaim(request);
    if ("verdict" in claim) return claim;
    const source = paypal.certificateUrl!(request);
    if ("verification" in source) return source.verification;
    if (!context.certificate) return unverifiable("certificate-unavailable", `PayPal's certificate could not be had from ${source.url}.`);
    const signedAt = parseTime(claim.time, "rfc3339");
    if (!signedAt) return failed("malformed", "PAYPAL-TRANSMISSION-TIME is no time of RFC 3339.");
    const untrusted = certificateFault(context.certificate, signedAt.at, (subject) => SUBJECT.test(subject));
    if (untrusted) return untrusted;
    const verdict = matchWebhookId(claim, request.body, context.certificate, webhookIds);
    const fault = verdict.verdict === "verified" ? timeFault(signedAt, context, null) : verdict;
    return fault ? { ...fault, signedAt: signedAt.at } : verified(verdict.secretName, signedAt.at);
  },
  deliveryId: (request) => textAt(readJson(request), "id") ?? findHeader(request.headers, "PAYPAL-TRANSMISSION-ID"),
  eventType: (request) => textAt(readJson(request), "event_type"),
};

interface Claim {
  readonly signature: string;
  readonly id: string;
  readonly time: string;
}

function readClaim({ headers }: WebhookRequest): Claim | Verification {
  const values: string[] = [];
  for (const name of ["PAYPAL-TRANSMISSION-SIG", "PAYPAL-TRANSMISSION-ID", "PAYPAL-TRANSMISSION-TIME", "PAYPAL-AUTH-ALGO"]) {
    const value = readHeader(headers, name);
    if (typeof value !== "string") return value;
    values.push(value);
  }
  const [signature, id, time, algorithm] = values as [string, string, string, string];
  if (algorithm !== "SHA256withRSA")
    return unverifiable("unsupported", `The request is signed by ${JSON.stringify(algorithm.slice(0, 50))}; SHA256withRSA is known.`);
  return { signature, id, time };
}

/** The body is in it by its CRC-32 alone: somebody who can choose what else is in a body can make another with the same. */
function matchWebhookId(
  { signature, id, time }: Claim,
  body: Uint8Array,
  certificate: string,
  webhookIds: readonly WebhookSecret[],
): Verification {
  let fault: Verification | null = null;
  for (const { name, value } of webhookIds) {
    fault = verifyRsa("sha256", certificate, signature, [`${id}|${time}|${value}|${crc32(body)}`]);
    if (!fault) return verified(name, null);
  }
  // PayPal signed something with it; what it was, only the body, the headers or the webhook ID can tell.
  return fault?.cause === "body-modified"
    ? failed(
        "wrong-secret-or-body-modified",
        "PayPal made this signature, but not over this body and webhook ID: one of them is not what was signed.",
      )
    : (fault ?? unverifiable("secret-unusable", "There is no webhook ID to verify with."));
}
