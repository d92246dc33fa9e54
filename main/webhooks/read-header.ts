import type { HeaderList } from "../contract/event.ts";
import type { Verification } from "../contract/verification.ts";
import { failed } from "./verdict.ts";

/** The first header of that name, in whatever case; null when there is none. */
export function findHeader(headers: HeaderList, name: string): string | null {
  const wanted = name.toLowerCase();
  for (const [written, value] of headers) if (written.length === name.length && written.toLowerCase() === wanted) return value;
  return null;
}

export function hasHeader(headers: HeaderList, name: string): boolean {
  return findHeader(headers, name) !== null;
}

/**
 * A header that a verdict rests on. Two of one name are refused even when they are the same: what reads the request next may take the
 * other one than was verified here.
 */
export function readHeader(headers: HeaderList, name: string): string | Verification {
  const wanted = name.toLowerCase();
  const values = headers.filter(([written]) => written.length === name.length && written.toLowerCase() === wanted);
  if (values.length > 1) return failed("duplicate-header", `The request has ${values.length} headers ${name}; there may be only one.`);
  const value = values[0]?.[1];
  if (value === undefined || value === "")
    return failed("missing-header", `The request has no header ${name}: it is not from this provider, or was sent without being signed.`);
  return value;
}
