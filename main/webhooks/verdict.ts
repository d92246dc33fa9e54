import type { Verification, VerdictCause } from "../contract/verification.ts";

const NOTHING = { cause: null, message: null, secretName: null, signedAt: null } as const;

/** Not looked at: no provider is set, or no secret. */
export const NOT_CONFIGURED: Verification = { ...NOTHING, verdict: "not-configured" };

/** Nothing to look at: handshakes that providers ask for without signing. */
export const UNSIGNED: Verification = unverifiable("unsigned", "Requests of this kind are not signed.");

export function verified(secretName: string | null, signedAt: number | null): Verification {
  return { ...NOTHING, verdict: "verified", secretName, signedAt };
}

export function failed(cause: VerdictCause, message: string, more: Partial<Verification> = {}): Verification {
  return { ...NOTHING, ...more, verdict: "failed", cause, message };
}

export function unverifiable(cause: VerdictCause, message: string): Verification {
  return { ...NOTHING, verdict: "unverifiable", cause, message };
}
