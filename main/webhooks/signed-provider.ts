import type { SecretKind, Provider, WebhookRequest } from "./provider.ts";
import { hasHeader } from "./read-header.ts";
import type { SignatureScheme } from "./signature-scheme.ts";
import { signRequest, verifySignature } from "./verify-signature.ts";

type Facts = Omit<Provider, "verify" | "sign" | "certificateUrl">;

/** A provider that signs in headers. Of several schemes the first whose header is there counts; none there, the first of all. */
export function createSignedProvider(
  facts: Facts,
  schemes: readonly [SignatureScheme, ...SignatureScheme[]],
  pick = ({ headers }: WebhookRequest): SignatureScheme => schemes.find(({ header }) => hasHeader(headers, header)) ?? schemes[0],
): Provider {
  return {
    ...facts,
    verify: (request, secrets, context) => verifySignature(pick(request), request, secrets, context, facts.toleranceMs),
    ...(facts.secret.kind === "public-key" ? {} : { sign: (request, secret, now) => signRequest(pick(request), request, secret, now) }),
  };
}

/** A secret both sides hold. */
export function sharedSecret(label: string, help: string, fault: (value: string) => string | null = () => null): SecretKind {
  return { kind: "shared", label, help, required: true, fault: (value) => blankFault(label, value) ?? fault(value) };
}

/** Why a text cannot be any secret at all. */
export function blankFault(label: string, value: string): string | null {
  if (value.trim() === "") return `The ${label.toLowerCase()} is empty.`;
  return value === value.trim() ? null : `The ${label.toLowerCase()} has blanks around it; they are part of no secret.`;
}

/** A key that verifies and cannot sign: it is no secret at all. */
export function publicKey(label: string, help: string, fault: (value: string) => string | null): SecretKind {
  return { kind: "public-key", label, help, required: true, fault: (value) => blankFault(label, value) ?? fault(value) };
}
