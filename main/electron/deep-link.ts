import { PAGE_URL } from "./page-origin.ts";

export const LINK_SCHEME = "signalbox";

const EVENT_LINK = /^signalbox:\/\/events\/([A-Za-z0-9_-]{1,80})\/?$/;

/** `signalbox://events/<id>` → the page's address of that event; null for everything else, since anyone can make such links. */
export function parseDeepLink(text: string): string | null {
  const id = EVENT_LINK.exec(text)?.[1];
  return id === undefined ? null : `${PAGE_URL}events/${id}`;
}

/** The deep link among a command line's arguments, as Windows and Linux give it. */
export function findDeepLink(argv: readonly string[]): string | null {
  return argv.map(parseDeepLink).find((url) => url !== null) ?? null;
}
