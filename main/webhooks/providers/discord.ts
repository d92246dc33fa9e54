import { createHeaderScheme, template } from "../header-scheme.ts";
import { hasHeader } from "../read-header.ts";
import { contentId, readJson, textAt } from "../read-json.ts";
import { createPublicSigningKey, decodeStrictly, toEd25519PublicKey } from "../signing-key.ts";
import { createSignedProvider, publicKey } from "../signed-provider.ts";

function toKey(secret: string): ReturnType<typeof createPublicSigningKey> | null {
  const key = toEd25519PublicKey(decodeStrictly(secret, "hex") ?? Buffer.alloc(0));
  return key && createPublicSigningKey("", "hex", key);
}

const scheme = createHeaderScheme(
  {
    header: "X-Signature-Ed25519",
    prefixes: [""],
    separator: null,
    timestampHeader: "X-Signature-Timestamp",
    timestampPrefix: null,
    timestampFormat: "seconds",
    idHeader: null,
    shape: /^[0-9a-fA-F]{128}$/,
  },
  template("{timestamp}{body}"),
  { toKey, mistakenKeys: () => [] },
);

export const discord = createSignedProvider(
  {
    id: "discord",
    name: "Discord",
    docs: "https://discord.com/developers/docs/events/webhook-events",
    secret: publicKey(
      "Public key",
      "Discord Developer Portal → your application → General Information → Public Key (64 hex digits).",
      (value) => (toKey(value) ? null : "Discord's public keys are 64 hex digits."),
    ),
    covers: ["body", "time"],
    proven: true,
    evidence: "discord-interactions 4.4.0",
    toleranceMs: 300_000,
    budgetMs: 3000,
    detect: ({ headers }) => (hasHeader(headers, "X-Signature-Ed25519") && hasHeader(headers, "X-Signature-Timestamp") ? "certain" : null),
    // Interactions have an id; webhook events none, but the moment they happened.
    deliveryId: (request) =>
      textAt(readJson(request), "id") ?? (textAt(readJson(request), "event", "timestamp") ? contentId(request) : null),
    eventType: (request) => textAt(readJson(request), "event", "type") ?? INTERACTIONS[textAt(readJson(request), "type") ?? ""] ?? null,
  },
  [scheme],
);

const INTERACTIONS: Readonly<Record<string, string>> = {
  "2": "APPLICATION_COMMAND",
  "3": "MESSAGE_COMPONENT",
  "4": "APPLICATION_COMMAND_AUTOCOMPLETE",
  "5": "MODAL_SUBMIT",
};
