import { accept, refuse } from "../../contract/errors.ts";
import { findHeader, hasHeader } from "../read-header.ts";
import { at, readJson, textAt } from "../read-json.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";
import type { SignatureScheme } from "../signature-scheme.ts";
import { failed } from "../verdict.ts";

const header = "Linear-Signature";
const plain = hmac({ header });

/** The time stands in the body; the header Linear-Timestamp is not signed. */
const scheme: SignatureScheme = {
  ...plain,
  readClaim(request) {
    const claim = plain.readClaim(request);
    if ("verdict" in claim) return claim;
    const signedAt = at(readJson(request), "webhookTimestamp");
    return Number.isSafeInteger(signedAt) ? { ...claim, signedAt: { at: signedAt as number, precisionMs: 1 } } : claim;
  },
  bodyFault: (request) =>
    Number.isSafeInteger(at(readJson(request), "webhookTimestamp"))
      ? null
      : failed("malformed", "The signature is good, but the body has no webhookTimestamp, without which nobody knows how old it is."),
  refresh(request, now) {
    const text = Buffer.from(request.body).toString("latin1");
    const fresh = text.replace(/("webhookTimestamp"\s*:\s*)\d+/, `$1${now}`);
    return fresh === text && !text.includes(`${now}`)
      ? refuse(
          "SIGNING_IMPOSSIBLE",
          "The request cannot be signed: Linear's signature covers webhookTimestamp in the body, and there is none.",
        )
      : accept({ ...request, body: Buffer.from(fresh, "latin1") });
  },
};

export const linear = createSignedProvider(
  {
    id: "linear",
    name: "Linear",
    docs: "https://linear.app/developers/webhooks",
    secret: sharedSecret("Signing secret", "Linear → Settings → API → Webhooks → your webhook → Signing secret."),
    covers: ["body", "time"],
    proven: true,
    evidence: "@linear/sdk 98.0.0",
    toleranceMs: 60_000,
    budgetMs: 5000,
    detect: ({ headers }) => (hasHeader(headers, header) ? "certain" : null),
    deliveryId: ({ headers }) => findHeader(headers, "Linear-Delivery"),
    eventType: (request) => findHeader(request.headers, "Linear-Event") ?? textAt(readJson(request), "type"),
  },
  [scheme],
);
