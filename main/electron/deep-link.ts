import { PAGE_NAMES } from "../contract/page.ts";
import { PAGE_URL } from "./page-origin.ts";

export const LINK_SCHEME = "signalbox";

/** A part of the path: no slash, backslash or NUL in disguise, and no step upwards. */
const LEVEL = /^(?!\.{1,2}$)(?:[\w.~@$:-]|%(?!2f|5c|2e|00)[0-9a-f]{2})+$/i;
const MAX_LEVELS = 32;
const MAX_CHARS = 2048;

/** `signalbox://events/<id>`, `signalbox://devices/<id>` … → the page's address; null for everything else, since anyone can make such links. */
export function parseDeepLink(text: string): string | null {
  if (text.length > MAX_CHARS || !text.startsWith(`${LINK_SCHEME}://`)) return null;
  const [page, ...levels] = text.slice(LINK_SCHEME.length + 3).split("/");
  if (levels.at(-1) === "") levels.pop();
  const isOurs = PAGE_NAMES.some((one) => one === page) && levels.length <= MAX_LEVELS && levels.every((level) => LEVEL.test(level));
  return isOurs && levels.length > 0 ? `${PAGE_URL}${[page, ...levels].join("/")}` : null;
}

/** The deep link among a command line's arguments, as Windows and Linux give it. */
export function findDeepLink(argv: readonly string[]): string | null {
  return argv.map(parseDeepLink).find((url) => url !== null) ?? null;
}
