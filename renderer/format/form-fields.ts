export interface FormField {
  readonly name: string;
  readonly value: string;
}

/** The fields of an `application/x-www-form-urlencoded` body (WHATWG URL §5.1), in order, doubled names kept. */
export function parseForm(text: string): FormField[] {
  return [...new URLSearchParams(text).entries()].map(([name, value]) => ({ name, value }));
}
