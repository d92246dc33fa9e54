import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import type { EndpointSecretInfo, SignatureKind } from "../contract/endpoint.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";

/** A secret as it is kept. `value`: `whsec_…` (shared) or `whsk_…` (ed25519 private key), base64 after the prefix. */
export interface EndpointSecret {
  readonly kind: SignatureKind;
  readonly value: string;
  readonly createdAt: number;
  /** Null for the one that is in force. */
  readonly expiresAt: number | null;
}

const SHARED = "whsec_";
const PRIVATE = "whsk_";
const PUBLIC = "whpk_";
const SHARED_BYTES = 32;
/** Standard Webhooks, "Signature scheme": between 24 and 64 bytes. */
const LEAST_SHARED_BYTES = 24;
const MOST_SHARED_BYTES = 64;
const SEED_BYTES = 32;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** What stands in front of the 32 bytes of an ed25519 seed in PKCS #8 (RFC 8410 §7). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

export function createEndpointSecret(kind: SignatureKind, now: number): EndpointSecret {
  const value = kind === "v1" ? SHARED + randomBytes(SHARED_BYTES).toString("base64") : PRIVATE + createKeyText();
  return { kind, value, createdAt: now, expiresAt: null };
}

/** Refuses PARAMS_INVALID; the message does not repeat the secret. */
export function parseEndpointSecret(text: string, now: number): Result<EndpointSecret> {
  const kind = text.startsWith(PRIVATE) ? "v1a" : "v1";
  const base64 = text.slice(kind === "v1a" ? PRIVATE.length : SHARED.length);
  const bytes = BASE64.test(base64) ? Buffer.from(base64, "base64").length : 0;
  const isShared = text.startsWith(SHARED) && bytes >= LEAST_SHARED_BYTES && bytes <= MOST_SHARED_BYTES;
  // Libraries write a private key as its seed, or as the seed and the public key.
  const isPrivate = kind === "v1a" && (bytes === SEED_BYTES || bytes === 2 * SEED_BYTES);
  if (isShared || isPrivate) return accept({ kind, value: text, createdAt: now, expiresAt: null });
  return refuse(
    "PARAMS_INVALID",
    'The parameter "secret" is neither whsec_ with 24 to 64 bytes in base64, nor whsk_ with an ed25519 key. Leave it out to have one made.',
    { parameter: "secret" },
  );
}

export function toSecretInfo({ kind, value, createdAt, expiresAt }: EndpointSecret): EndpointSecretInfo {
  const publicKey = kind === "v1a" ? createPublicKey(toPrivateKey(value)).export({ format: "jwk" }).x : undefined;
  return {
    kind,
    createdAt,
    expiresAt,
    publicKey: publicKey === undefined ? null : PUBLIC + Buffer.from(publicKey, "base64url").toString("base64"),
  };
}

export function toSharedKey(value: string): Buffer {
  return Buffer.from(value.slice(SHARED.length), "base64");
}

export function toPrivateKey(value: string): ReturnType<typeof createPrivateKey> {
  const seed = Buffer.from(value.slice(PRIVATE.length), "base64").subarray(0, SEED_BYTES);
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
}

/** Seed and public key, as the reference libraries write it. */
function createKeyText(): string {
  const { d = "", x = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return Buffer.concat([Buffer.from(d, "base64url"), Buffer.from(x, "base64url")]).toString("base64");
}
