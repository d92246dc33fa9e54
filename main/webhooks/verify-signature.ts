import { type Result, accept, refuse } from "../contract/errors.ts";
import type { Verification, WebhookSecret } from "../contract/verification.ts";
import { explainMismatch } from "./explain-mismatch.ts";
import type { SignedChanges, VerifyContext, WebhookRequest } from "./provider.ts";
import { type SignatureScheme, fits } from "./signature-scheme.ts";
import { timeFault } from "./signed-time.ts";
import { failed, unverifiable, verified } from "./verdict.ts";

/** More than any provider lists: each costs a comparison, or with public keys a verification. */
const MAX_SIGNATURES = 16;

export function verifySignature(
  scheme: SignatureScheme,
  request: WebhookRequest,
  secrets: readonly WebhookSecret[],
  context: VerifyContext,
  toleranceMs: number | null,
): Verification {
  const claim = scheme.readClaim(request);
  if ("verdict" in claim) return claim;
  if (claim.signatures.length > MAX_SIGNATURES)
    return failed("malformed", `${scheme.header} lists ${claim.signatures.length} signatures; at most ${MAX_SIGNATURES} are read.`);
  if (scheme.usesUrl && request.url === null)
    return unverifiable("url-unknown", "The signature covers the URL that was dialled, which is not known. Set the source's public URL.");
  const tried = secrets.map(({ name, value }) => ({ name, value, key: scheme.toKey(value) }));
  const fitting = tried.find(({ key }) => key && fits(scheme, request, claim, key));
  if (!fitting) return explainMismatch(scheme, request, claim, tried);
  const fault = scheme.bodyFault?.(request) ?? (claim.signedAt && timeFault(claim.signedAt, context, toleranceMs));
  const signedAt = claim.signedAt?.at ?? null;
  return fault ? { ...fault, secretName: fitting.name, signedAt } : verified(fitting.name, signedAt);
}

/** Signs a request as the sender would, at `now`. What the sender's signature does not cover stays as it is. */
export function signRequest(scheme: SignatureScheme, request: WebhookRequest, secret: string, now: number): Result<SignedChanges> {
  const key = scheme.toKey(secret);
  if (!key) return refuse("SIGNING_IMPOSSIBLE", "The request cannot be signed: the secret is not of the kind this provider gives out.");
  if (scheme.usesUrl && request.url === null)
    return refuse("SIGNING_IMPOSSIBLE", "The request cannot be signed: its signature covers the URL, and where it goes is not known.");
  const fresh = scheme.refresh?.(request, now) ?? accept(request);
  if (!fresh.ok) return fresh;
  const parts = scheme.writeParts(fresh.value, now);
  const signature = key.sign(scheme.toContent(fresh.value, parts));
  if (signature === null)
    return refuse(
      "SIGNING_IMPOSSIBLE",
      "The request cannot be signed: the key kept here can only verify; the provider keeps the one that signs.",
    );
  return accept({
    headers: scheme.write(`${key.prefix}${signature}`, parts),
    ...(fresh.value.body === request.body ? {} : { body: fresh.value.body }),
    ...(fresh.value.url === request.url || fresh.value.url === null ? {} : { url: fresh.value.url }),
  });
}
