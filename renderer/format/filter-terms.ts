/** The terms of a filter line as written, cut as contract/filter.ts cuts them. */
export function splitTerms(line: string): string[] {
  return [...line.matchAll(/-?(?:[A-Za-z]+:(?:"[^"]*"?|\S*)|"[^"]*"?|\S+)/g)].map(([term]) => term);
}

export function joinTerms(terms: readonly string[]): string {
  return terms.join(" ");
}

/** The field a term is about, in lower case; null for free text. */
export function fieldOf(term: string): string | null {
  return /^-?([A-Za-z]+):/.exec(term)?.[1]?.toLowerCase() ?? null;
}

/** `source:github`, with quotes where the value needs them. */
export function toTerm(field: string, value: string): string {
  return /[\s"]/.test(value) ? `${field}:"${value.replaceAll('"', "")}"` : `${field}:${value}`;
}

export function withoutField(line: string, ...fields: readonly string[]): string {
  return joinTerms(splitTerms(line).filter((term) => !fields.includes(fieldOf(term) ?? "")));
}

/** The line with its terms of these fields replaced by one term each. */
export function withTerms(line: string, terms: Readonly<Record<string, string>>): string {
  const kept = withoutField(line, ...Object.keys(terms));
  return joinTerms([...splitTerms(kept), ...Object.entries(terms).map(([field, value]) => toTerm(field, value))]);
}

/** Puts the term in when it is not there, takes it out when it is; another term of the same field gives way. */
export function toggleTerm(line: string, field: string, value: string): string {
  const term = toTerm(field, value);
  return splitTerms(line).includes(term) ? joinTerms(splitTerms(line).filter((one) => one !== term)) : withTerms(line, { [field]: value });
}
