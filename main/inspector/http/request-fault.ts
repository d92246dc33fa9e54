import type { Refusal } from "../../contract/errors.ts";

/** What express throws at what was sent, by its `status`; null for a bug. */
export function requestFault(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null;
  const { status } = error as { status?: number };
  if (status === undefined || status < 400 || status >= 500) return null;
  return { code: "REQUEST_MALFORMED", message: `The request cannot be read: ${error.message}.` };
}
