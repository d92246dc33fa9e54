import {
  type KeyObject,
  createHash,
  createHmac,
  createPublicKey,
  createSecretKey,
  timingSafeEqual,
  verify as verifyWithKey,
} from "node:crypto";
import type { HmacAlgorithm, SignatureEncoding } from "../contract/webhook-scheme.ts";
import type { Content } from "./signature-template.ts";

/** A key that fits signatures or does not. */
export interface SigningKey {
  /** Of the signatures a header lists, those that begin so are for this key. */
  readonly prefix: string;
  fits(content: Content, signatures: readonly string[]): boolean;
  /** Null for keys that can only verify. */
  sign(content: Content): string | null;
}

/** Says nothing of how far two texts agree, nor of their lengths. */
export function isSameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Compares signatures as they are written: that is stricter than comparing what they decode to, and what the providers' own code does. */
function fitsOne(expected: string, signatures: readonly string[]): boolean {
  const wanted = Buffer.from(expected);
  let fits = false;
  for (const signature of signatures) {
    const given = Buffer.from(signature);
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) fits = true;
  }
  return fits;
}

export function createHmacKey(prefix: string, algorithm: HmacAlgorithm, encoding: SignatureEncoding, key: string | Uint8Array): SigningKey {
  // Node takes ten times as long over a key that comes as bytes each time.
  const secret = createSecretKey(typeof key === "string" ? Buffer.from(key) : key);
  const sign = (content: Content): string => {
    const mac = createHmac(algorithm, secret);
    for (const part of content) mac.update(part);
    return mac.digest(encoding);
  };
  return { prefix, sign, fits: (content, signatures) => fitsOne(sign(content), signatures) };
}

/** The secret hashed before the content, as was done before HMAC was known to everybody. */
export function createHashKey(prefix: string, secret: string): SigningKey {
  const sign = (content: Content): string => {
    const hash = createHash("sha256").update(secret);
    for (const part of content) hash.update(part);
    return hash.digest("hex");
  };
  return { prefix, sign, fits: (content, signatures) => fitsOne(sign(content), signatures) };
}

/** Ed25519 (RFC 8032), or ECDSA over SHA-256 with signatures in DER (RFC 3279 §2.2.3). */
export function createPublicSigningKey(
  prefix: string,
  encoding: "hex" | "base64",
  key: KeyObject,
  privateKey?: (message: Buffer) => Buffer,
): SigningKey {
  const hash = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  return {
    prefix,
    fits(content, signatures) {
      const message = joinContent(content);
      return signatures.some((text) => {
        const signature = decodeStrictly(text, encoding);
        return signature !== null && verifyWithKey(hash, message, key, signature);
      });
    },
    sign: (content) => privateKey?.(joinContent(content)).toString(encoding) ?? null,
  };
}

export function joinContent(content: Content): Buffer {
  return Buffer.concat(content.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}

/** Null when the text is not exactly what encoding its bytes gives: Node's own decoding skips what it does not know. */
export function decodeStrictly(text: string, encoding: "hex" | "base64"): Buffer | null {
  const bytes = Buffer.from(text, encoding);
  return bytes.length > 0 && bytes.toString(encoding) === (encoding === "hex" ? text.toLowerCase() : text) ? bytes : null;
}

/** The fixed beginnings of a public and a private Ed25519 key in DER (RFC 8410 §4, §7), before their 32 bytes. */
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex");
export const ED25519_PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

export function toEd25519PublicKey(bytes: Uint8Array): KeyObject | null {
  return bytes.length === 32 ? createPublicKey({ key: Buffer.concat([ED25519_SPKI, bytes]), format: "der", type: "spki" }) : null;
}
