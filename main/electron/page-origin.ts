/** The page's own scheme and host: app:// and not file://, so that it has an origin and a policy (Electron checklist, 18). */
export const PAGE_SCHEME = "app";
export const PAGE_HOST = "signalbox";
export const PAGE_URL = `${PAGE_SCHEME}://${PAGE_HOST}/`;

/** Is this an address of our own page? Whatever is not may neither be shown in the window nor speak to the main process. */
export function isPageUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === `${PAGE_SCHEME}:` && url.host === PAGE_HOST && url.username === "" && url.password === "";
}
