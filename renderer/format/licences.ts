/** A package that is built in. */
export interface Licence {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly licence: string;
  readonly text: string;
}

/** What the build wrote; null when it is something else. */
export function parseLicences(foreign: unknown): readonly Licence[] | null {
  return Array.isArray(foreign) && foreign.every(isLicence) ? foreign : null;
}

function isLicence(one: unknown): one is Licence {
  if (typeof one !== "object" || one === null) return false;
  const { name, version, licence, text } = one as Record<string, unknown>;
  return [name, version, licence, text].every((value) => typeof value === "string");
}
