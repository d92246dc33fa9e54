import { createHash } from "node:crypto";
import type { HeaderList } from "../contract/event.ts";
import type { Verification } from "../contract/verification.ts";
import { bodyVariants } from "./body-variants.ts";
import type { WebhookRequest } from "./provider.ts";
import { findHeader } from "./read-header.ts";
import { type Claim, type SignatureScheme, fits } from "./signature-scheme.ts";
import type { SigningKey } from "./signing-key.ts";
import { otherUrls } from "./url-variants.ts";
import { failed, unverifiable } from "./verdict.ts";

interface Tried {
  readonly name: string;
  readonly value: string;
  /** Null when the secret cannot be one of this scheme. */
  readonly key: SigningKey | null;
}

type Usable = Tried & { readonly key: SigningKey };

/** So many secrets are tried on what the request may have been; a wrong signature must stay cheap. */
const MAX_KEYS = 4;

/**
 * Why no secret fits. A mismatch alone cannot tell a wrong secret from a changed body; but when the signature fits the request as it may
 * have been, or the secret as it may have been meant, that proves which it was.
 */
export function explainMismatch(scheme: SignatureScheme, request: WebhookRequest, claim: Claim, secrets: readonly Tried[]): Verification {
  const keys = secrets.filter((secret): secret is Usable => secret.key !== null);
  const tried = keys.slice(0, MAX_KEYS);
  const signedAt = claim.signedAt?.at ?? null;
  const proven =
    urlMismatch(scheme, request, claim, tried) ??
    bodyChange(scheme, request, claim, tried) ??
    mistakenSecret(scheme, request, claim, secrets.slice(0, MAX_KEYS));
  if (proven) return { ...proven, signedAt };
  if (keys.length === 0) {
    const none = secrets.length === 1 ? `The secret "${secrets[0]!.name}" is not` : "None of the secrets is";
    return unverifiable("secret-unusable", `${none} of the kind this provider gives out.`);
  }

  if (scheme.usesBody && digestDiffers(request))
    return failed("body-modified", "The body is not the one its own digest header was made of: it was changed on its way.", { signedAt });
  const which = keys.length === 1 ? `The secret "${keys[0]!.name}" does not fit` : `None of the ${keys.length} secrets fits`;
  if (!scheme.usesBody) return failed("wrong-secret", `${which} the signature. Compare it with the one the provider shows.`, { signedAt });
  const url = scheme.usesUrl ? `, or the sender dialled another URL than ${request.url}` : "";
  return failed(
    "wrong-secret-or-body-modified",
    `${which} the signature: the provider signs with another secret, or something changed the body on its way${url}.`,
    { signedAt },
  );
}

function urlMismatch(scheme: SignatureScheme, request: WebhookRequest, claim: Claim, keys: readonly Usable[]): Verification | null {
  if (!scheme.usesUrl || request.url === null) return null;
  for (const url of otherUrls(request.url, request.headers))
    for (const { name, key } of keys)
      if (fits(scheme, { ...request, url }, claim, key))
        return failed(
          "url-mismatch",
          `The secret fits, but the signature was made for ${url}, and the request is known to have come by ${request.url}. Set the source's public URL to the one the provider has.`,
          { secretName: name },
        );
  return null;
}

function bodyChange(scheme: SignatureScheme, request: WebhookRequest, claim: Claim, keys: readonly Usable[]): Verification | null {
  if (!scheme.usesBody) return null;
  for (const { change, body } of bodyVariants(request.body))
    for (const { name, key } of keys)
      if (fits(scheme, { ...request, body }, claim, key))
        return failed(
          "body-modified",
          `The secret fits, but the body is not as it was sent: ${change}. Look for a proxy that rewrites bodies.`,
          {
            secretName: name,
          },
        );
  return null;
}

function mistakenSecret(scheme: SignatureScheme, request: WebhookRequest, claim: Claim, keys: readonly Tried[]): Verification | null {
  for (const { name, value } of keys)
    for (const [remedy, key] of scheme.mistakenKeys(value))
      if (fits(scheme, request, claim, key))
        return failed("wrong-secret", `The secret "${name}" would fit ${remedy}. Correct it.`, { secretName: name });
  return null;
}

/** The body against what its sender's own digest says of it (RFC 9530 §2, RFC 3230 §4.3.2, RFC 1864), where there is one. */
function digestDiffers({ headers, body }: { readonly headers: HeaderList; readonly body: Uint8Array }): boolean {
  for (const name of ["Content-Digest", "Digest", "Content-MD5"]) {
    const value = findHeader(headers, name);
    if (value === null) continue;
    const stated = name === "Content-MD5" ? ["md5", value] : /(sha-256|sha-512)=:?([A-Za-z0-9+/=]+)/i.exec(value)?.slice(1);
    if (!stated) continue;
    const algorithm = stated[0]!.toLowerCase().replace("-", "");
    if (createHash(algorithm).update(body).digest("base64") !== stated[1]) return true;
  }
  return false;
}
