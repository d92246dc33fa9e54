import { createHash } from "node:crypto";
import { accept } from "../../contract/errors.ts";
import { createHeaderScheme, shapeOf, template } from "../header-scheme.ts";
import { hmac } from "../hmac-scheme.ts";
import type { WebhookRequest } from "../provider.ts";
import { readForm } from "../read-form.ts";
import { findHeader, hasHeader } from "../read-header.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";
import type { SignatureScheme } from "../signature-scheme.ts";
import { portSpellings } from "../url-variants.ts";
import { failed } from "../verdict.ts";

const header = "X-Twilio-Signature";
const layout = { algorithm: "sha1", encoding: "base64" } as const;
const plain = hmac({ header, ...layout });

/** Over the URL, and behind it a form's fields; of any other body the URL carries the digest. */
const scheme: SignatureScheme = {
  ...createHeaderScheme(
    {
      header,
      prefixes: [""],
      separator: null,
      timestampHeader: null,
      timestampPrefix: null,
      timestampFormat: "seconds",
      idHeader: null,
      shape: shapeOf(layout),
    },
    template("{url}"),
    plain,
  ),
  usesBody: true,
  toContent: (request) => [request.url ?? "", ...(bodyDigestIn(request) === null ? formContent(request) : [])],
  urlSpellings: (url) => [
    ...new Set([...portSpellings(url), ...portSpellings(normalized(url)), ...portSpellings(normalized(url)).map(requoted)]),
  ],
  bodyFault(request) {
    const stated = bodyDigestIn(request);
    if (stated === null && request.body.length > 0 && !readForm(request))
      return failed("malformed", "The signature is good, but does not cover the body: it is no form, and the URL carries no bodySHA256.");
    return stated === null || stated === digestOf(request.body)
      ? null
      : failed(
          "body-modified",
          "The signature is good, but the body is not the one whose digest the URL carries: it was changed on its way.",
        );
  },
  refresh(request) {
    if (readForm(request) || request.body.length === 0 || request.url === null) return accept(request);
    const [path, query] = splitOnce(request.url, "?");
    const others = query.split("&").filter((one) => one !== "" && !one.startsWith("bodySHA256="));
    return accept({ ...request, url: `${path}?${[...others, `bodySHA256=${digestOf(request.body)}`].join("&")}` });
  },
};

export const twilio = createSignedProvider(
  {
    id: "twilio",
    name: "Twilio",
    docs: "https://www.twilio.com/docs/usage/webhooks/webhooks-security",
    secret: sharedSecret("Auth token", "Twilio Console → Account → API keys & tokens → Auth token (primary)."),
    covers: ["body", "url"],
    proven: true,
    evidence: "twilio 6.2.0; the example in Twilio's documentation",
    toleranceMs: null,
    budgetMs: 15_000,
    detect: ({ headers }) => (hasHeader(headers, header) ? "certain" : null),
    deliveryId(request) {
      const token = findHeader(request.headers, "I-Twilio-Idempotency-Token");
      if (token) return token;
      // A message has each status once; a call asks many times while its status stays the same.
      const form = readForm(request);
      const message = form?.get("MessageSid") ?? form?.get("SmsSid");
      const status = form?.get("MessageStatus") ?? form?.get("SmsStatus");
      return message && status ? `${message}:${status}` : null;
    },
    eventType(request) {
      const form = readForm(request);
      for (const [what, name] of [
        ["message", "MessageStatus"],
        ["message", "SmsStatus"],
        ["call", "CallStatus"],
        ["recording", "RecordingStatus"],
      ] as const) {
        const status = form?.get(name);
        if (status) return `${what}.${status}`;
      }
      return null;
    },
  },
  [scheme],
);

function bodyDigestIn({ url }: WebhookRequest): string | null {
  return url?.includes("bodySHA256") ? new URLSearchParams(splitOnce(url, "?")[1]).get("bodySHA256") : null;
}

const digestOf = (body: Uint8Array): string => createHash("sha256").update(body).digest("hex");

/** Name and value of each field, by name; values of one name in order, each once. */
function formContent(request: WebhookRequest): string[] {
  const form = readForm(request);
  if (!form) return [];
  return [...new Set(form.keys())].sort().flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => `${name}${value}`));
}

function normalized(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}

/** The query as older back ends wrote it before they signed. */
function requoted(url: string): string {
  const [path, query] = splitOnce(url, "?");
  if (query === "") return url;
  const fields = [...new URLSearchParams(query)].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return `${path}?${fields.join("&")}`;
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
