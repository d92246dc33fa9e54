import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { createHeaderScheme, template } from "./header-scheme.ts";
import type { SignatureScheme } from "./signature-scheme.ts";
import {
  ED25519_PKCS8,
  type SigningKey,
  createHmacKey,
  createPublicSigningKey,
  decodeStrictly,
  toEd25519PublicKey,
} from "./signing-key.ts";

/**
 * Standard Webhooks 1.0 (standardwebhooks.com): `v1` is HMAC with a `whsec_` secret, `v1a` Ed25519 with a `whsk_` or `whpk_` key. Svix, who
 * wrote most of it, still sends the headers under its own name.
 */
export function standardWebhooksScheme(name: "webhook" | "svix"): SignatureScheme {
  const layout = {
    header: `${name}-signature`,
    prefixes: ["v1,", "v1a,"],
    separator: " ",
    timestampHeader: `${name}-timestamp`,
    timestampPrefix: null,
    timestampFormat: "seconds",
    idHeader: `${name}-id`,
    shape: /^[A-Za-z0-9+/]{43}=$|^[A-Za-z0-9+/]{86}==$/,
  } as const;
  return createHeaderScheme(layout, template("{id}.{timestamp}.{body}"), { toKey, mistakenKeys });
}

function toKey(secret: string): SigningKey | null {
  const [, kind, written] = /^(?:(whsec|whsk|whpk)_)?(.+)$/s.exec(secret) ?? [];
  // Some write it without the = at its end.
  const bytes = decodeStrictly((written ?? "").padEnd(Math.ceil((written ?? "").length / 4) * 4, "="), "base64");
  if (!bytes) return null;
  if (kind === "whpk") return toVerifyingKey(bytes);
  if (kind === "whsk") return toPrivateKey(bytes);
  return createHmacKey("v1,", "sha256", "base64", bytes);
}

function toVerifyingKey(bytes: Buffer): SigningKey | null {
  const key = toEd25519PublicKey(bytes);
  return key && createPublicSigningKey("v1a,", "base64", key);
}

/** The seed alone, or the seed with the public key behind it, as some libraries keep it. */
function toPrivateKey(bytes: Buffer): SigningKey | null {
  if (bytes.length !== 32 && bytes.length !== 64) return null;
  const key = createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, bytes.subarray(0, 32)]), format: "der", type: "pkcs8" });
  return createPublicSigningKey("v1a,", "base64", createPublicKey(key), (message) => sign(null, message, key));
}

function* mistakenKeys(secret: string): Generator<readonly [string, SigningKey]> {
  const trimmed = secret.trim().replace(/^(["'`])(.*)\1$/s, "$2");
  const key = trimmed === secret ? null : toKey(trimmed);
  if (key) yield ["without the blanks or quotation marks around it", key];
  yield [
    "taken as plain text, which is not how Standard Webhooks has it: the sender is at fault",
    createHmacKey("v1,", "sha256", "base64", secret),
  ];
}

/** Why a text is no key of Standard Webhooks; null when it is. */
export function standardSecretFault(value: string): string | null {
  return toKey(value) ? null : "The secret is whsec_, whsk_ or whpk_ followed by base64.";
}
