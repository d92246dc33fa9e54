import { createHmac, randomBytes } from "node:crypto";
import { accept, refuse } from "../../contract/errors.ts";
import type { Verification } from "../../contract/verification.ts";
import type { Provider, WebhookRequest } from "../provider.ts";
import { readForm } from "../read-form.ts";
import { at, readJson, textAt } from "../read-json.ts";
import { sharedSecret } from "../signed-provider.ts";
import { parseTime, timeFault } from "../signed-time.ts";
import { isSameText } from "../signing-key.ts";
import { failed, verified } from "../verdict.ts";

/** The signature stands in the body, over a moment and a token: it says who sent something then, not what. */
interface Signature {
  readonly timestamp: string | null;
  readonly token: string | null;
  readonly signature: string | null;
}

const toleranceMs = 300_000;

export const mailgun: Provider = {
  id: "mailgun",
  name: "Mailgun",
  docs: "https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks",
  secret: sharedSecret("HTTP webhook signing key", "Mailgun → Send → Sending → Webhooks (or API security) → HTTP webhook signing key."),
  covers: ["time"],
  proven: false,
  evidence: "third parties citing Mailgun's documentation",
  toleranceMs,
  budgetMs: null,
  detect: (request) => (isWhole(readSignature(request)) ? "likely" : null),
  verify(request, secrets, context) {
    const found = readSignature(request);
    if (!isWhole(found))
      return failed("malformed", "The body has no signature with timestamp, token and signature: the request is not from Mailgun.");
    const signedAt = parseTime(found.timestamp, "seconds");
    if (!signedAt || !/^[0-9a-f]{64}$/.test(found.signature))
      return failed("malformed", "The signature in the body cannot be read: its timestamp is no time, or its signature not 64 hex digits.");
    const fitting = secrets.find(({ value }) => isSameText(macOf(value, found.timestamp, found.token), found.signature));
    const more = { signedAt: signedAt.at };
    if (!fitting)
      return failed("wrong-secret", `None of the ${secrets.length} signing keys fits the signature over timestamp and token.`, more);
    const fault: Verification | null = timeFault(signedAt, context, toleranceMs);
    return fault ? { ...fault, secretName: fitting.name } : verified(fitting.name, signedAt.at);
  },
  sign(request, secret, now) {
    const timestamp = String(Math.floor(now / 1000));
    const token = randomBytes(25).toString("hex");
    const fresh = { timestamp, token, signature: macOf(secret, timestamp, token) };
    const form = readForm(request);
    if (form) {
      for (const [name, value] of Object.entries(fresh)) form.set(name, value);
      return accept({ headers: [], body: Buffer.from(form.toString()) });
    }
    const text = Buffer.from(request.body).toString("latin1");
    const replaced = text.replace(/("signature"\s*:\s*)\{[^{}]*\}/, (_, before: string) => `${before}${JSON.stringify(fresh)}`);
    return replaced === text
      ? refuse("SIGNING_IMPOSSIBLE", "The request cannot be signed: its body has no place for Mailgun's signature.")
      : accept({ headers: [], body: Buffer.from(replaced, "latin1") });
  },
  deliveryId: (request) => textAt(readJson(request), "event-data", "id") ?? readSignature(request).token,
  eventType: (request) => textAt(readJson(request), "event-data", "event") ?? readForm(request)?.get("event") ?? null,
};

function readSignature(request: WebhookRequest): Signature {
  const form = readForm(request);
  const read = (name: string): string | null => (form ? form.get(name) : textAt(at(readJson(request), "signature"), name));
  return { timestamp: read("timestamp"), token: read("token"), signature: read("signature") };
}

function isWhole(found: Signature): found is { timestamp: string; token: string; signature: string } {
  return Boolean(found.timestamp && found.token && found.signature);
}

function macOf(key: string, timestamp: string, token: string): string {
  return createHmac("sha256", key).update(timestamp).update(token).digest("hex");
}
