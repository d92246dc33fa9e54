import { type Result, accept, refuse } from "../contract/errors.ts";
import type { ProviderInfo } from "../contract/webhook-provider.ts";
import type { WebhookScheme } from "../contract/webhook-scheme.ts";
import { eventTypeOf, OTHER_EVENT_TYPE } from "./event-type.ts";
import { parseHmacScheme } from "./hmac-scheme.ts";
import type { Provider, WebhookRequest } from "./provider.ts";
import { findHeader } from "./read-header.ts";
import { createSignedProvider, sharedSecret } from "./signed-provider.ts";
import { createTokenVerifier } from "./token.ts";

/** Header names (RFC 9110 §5.1). */
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const TOLERANCE_MS = 300_000;

/** A provider by what somebody says of it. Make it once for a source, not for each request. */
export function createGenericProvider(scheme: WebhookScheme): Result<Provider> {
  const headers = namesIn(scheme).find((name) => !FIELD_NAME.test(name));
  if (headers !== undefined) return refuse("PARAMS_INVALID", `"${headers}" cannot be a header's name.`);
  if (scheme.kind !== "hmac") {
    if (scheme.kind === "token" && scheme.name === "") return refuse("PARAMS_INVALID", "The query parameter with the token has no name.");
    return accept({ ...factsOf(scheme), ...createTokenVerifier(scheme) });
  }
  const parsed = parseHmacScheme(scheme);
  return parsed.ok ? accept(createSignedProvider(factsOf(scheme), [parsed.value])) : parsed;
}

function namesIn(scheme: WebhookScheme): string[] {
  if (scheme.kind === "token") return scheme.in === "header" ? [scheme.name] : [];
  if (scheme.kind !== "hmac") return [];
  return [scheme.header, scheme.timestampHeader, scheme.idHeader].filter((name) => name !== null);
}

const SECRETS = {
  hmac: sharedSecret("Secret", "The key both sides hold."),
  basic: sharedSecret("User and password", "user:password, as the sender was given them.", (value) =>
    value.includes(":") ? null : "User and password are parted by a colon.",
  ),
  bearer: { ...sharedSecret("Token", "What the sender puts after Bearer."), kind: "token" },
  token: { ...sharedSecret("Token", "What the sender sends as it is."), kind: "token" },
} as const;

const NAMES = { hmac: "HMAC", basic: "Basic authentication", bearer: "Bearer token", token: "Token" } as const;

function factsOf(scheme: WebhookScheme): Omit<Provider, "verify" | "sign"> {
  return {
    id: `generic-${scheme.kind}`,
    name: NAMES[scheme.kind],
    docs: "",
    secret: SECRETS[scheme.kind],
    covers: scheme.kind === "hmac" ? coveredBy(scheme.template) : [],
    proven: true,
    evidence: "what you set, checked with openssl",
    toleranceMs: scheme.kind === "hmac" && scheme.template.includes("{timestamp}") ? TOLERANCE_MS : null,
    budgetMs: null,
    detect: () => null,
    deliveryId,
    eventType: ({ headers }) => namedType(eventTypeOf(headers)),
  };
}

const COVERS: Readonly<Record<string, ProviderInfo["covers"][number]>> = {
  "{body}": "body",
  "{timestamp}": "time",
  "{url}": "url",
  "{method}": "method",
  "{id}": "id",
};

function coveredBy(template: string): ProviderInfo["covers"] {
  return Object.entries(COVERS).flatMap(([placeholder, what]) => (template.includes(placeholder) ? [what] : []));
}

/** Where senders put the id of a delivery, the most explicit first. */
const ID_HEADERS = ["webhook-id", "Idempotency-Key", "X-Webhook-Id", "X-Delivery-Id", "X-Event-Id", "ce-id"];

function deliveryId({ headers }: WebhookRequest): string | null {
  for (const name of ID_HEADERS) {
    const id = findHeader(headers, name);
    if (id) return id;
  }
  return null;
}

const namedType = (type: string): string | null => (type === OTHER_EVENT_TYPE ? null : type);
