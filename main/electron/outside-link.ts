const MAX_URL_CHARS = 2048;

/**
 * What may be handed to the system's browser: https only, since any other scheme can start a program (Electron checklist,
 * 15), and without a user name, which can make a link look like another host's. Null when it may not.
 */
export function parseOutsideLink(value: unknown): string | null {
  if (typeof value !== "string" || value.length > MAX_URL_CHARS) return null;
  const url = URL.parse(value);
  return url?.protocol === "https:" && url.username === "" && url.password === "" ? url.href : null;
}
