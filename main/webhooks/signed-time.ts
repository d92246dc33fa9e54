import type { Verification } from "../contract/verification.ts";
import type { TimestampFormat } from "../contract/webhook-scheme.ts";
import type { VerifyContext } from "./provider.ts";
import { failed } from "./verdict.ts";

/** When a sender says it signed. */
export interface SignedTime {
  /** Epoch ms. */
  readonly at: number;
  /** 1000 when it was written in whole seconds. */
  readonly precisionMs: 1 | 1000;
}

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/** Null when it is no such time. Written anew it must be the same: `007` or `7x` are no times. */
export function parseTime(text: string, format: TimestampFormat): SignedTime | null {
  if (format === "rfc3339") {
    const at = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(at) ? null : { at, precisionMs: text.includes(".") ? 1 : 1000 };
  }
  if (!/^(0|[1-9]\d{0,15})$/.test(text)) return null;
  const precisionMs = format === "seconds" ? 1000 : 1;
  const at = Number(text) * precisionMs;
  return Number.isSafeInteger(at) ? { at, precisionMs } : null;
}

export function formatTime(at: number, format: TimestampFormat): string {
  if (format === "seconds") return String(Math.floor(at / 1000));
  return format === "milliseconds" ? String(at) : new Date(at).toISOString();
}

/** Why a signature, good in itself, is too old or from the future; null when its time will do. */
export function timeFault(signed: SignedTime, context: VerifyContext, ownToleranceMs: number | null): Verification | null {
  const toleranceMs = context.toleranceMs ?? ownToleranceMs ?? 0;
  if (toleranceMs === 0) return null;
  // Whole seconds are compared with whole seconds, or the last one would count as late.
  const ageMs = Math.floor(context.now / signed.precisionMs) * signed.precisionMs - signed.at;
  if (Math.abs(ageMs) <= toleranceMs) return null;
  const limit = `at most ${Math.round(toleranceMs / 1000)} s is taken`;
  const more = { signedAt: signed.at };
  return ageMs > 0
    ? failed(
        "expired",
        `The request came ${toSeconds(ageMs)} after it was signed; ${limit}. It was sent late, or sent again by somebody.`,
        more,
      )
    : failed("in-the-future", `The request was signed ${toSeconds(-ageMs)} from now; ${limit}. One of the two clocks is wrong.`, more);
}

function toSeconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
