import type { HeaderList } from "../contract/event.ts";
import { findHeader } from "./read-header.ts";

/** A URL in its parts, as written: parsing by the standard would write some characters anew, and they are signed as they were. */
interface UrlParts {
  readonly scheme: string;
  /** User and password with their @, if any. */
  readonly user: string;
  readonly host: string;
  readonly port: string;
  readonly rest: string;
}

function splitUrl(url: string): UrlParts | null {
  const found = /^(https?):\/\/([^/?#]*@)?(\[[^\]/?#]*\]|[^:/?#@]*)(:\d*)?([/?#].*)?$/is.exec(url);
  return found && { scheme: found[1]!.toLowerCase(), user: found[2] ?? "", host: found[3]!, port: found[4] ?? "", rest: found[5] ?? "" };
}

/** The URL with its port left out, and with the port that goes without saying. */
export function portSpellings(url: string): string[] {
  const parts = splitUrl(url);
  if (!parts) return [url];
  const { scheme, user, host, port, rest } = parts;
  return [`${scheme}://${user}${host}${rest}`, `${scheme}://${user}${host}${port || (scheme === "https" ? ":443" : ":80")}${rest}`];
}

/**
 * The URLs the sender may have been given instead of the one its request is known to have come by. Host headers say where a proxy took it,
 * and anybody can write them: good enough to say what is wrong, never to let a request pass.
 */
export function* otherUrls(url: string, headers: HeaderList): Generator<string> {
  const parts = splitUrl(url);
  if (!parts) return;
  const hosts = new Set([`${parts.host}${parts.port}`, parts.host]);
  for (const name of ["X-Forwarded-Host", "X-Original-Host", "Host"]) {
    const host = findHeader(headers, name)?.split(",")[0]?.trim();
    if (host && /^[\w.:[\]-]+$/.test(host)) hosts.add(host);
  }
  const seen = new Set([url]);
  for (const host of hosts)
    for (const scheme of ["https", "http"])
      for (const rest of otherPaths(parts.rest)) {
        const other = `${scheme}://${host}${rest}`;
        if (seen.has(other)) continue;
        seen.add(other);
        yield other;
      }
}

/** With and without the slash at the path's end, without the query, and with its escapes written another way. */
function otherPaths(rest: string): string[] {
  const mark = rest.search(/[?#]/);
  const path = mark < 0 ? rest : rest.slice(0, mark);
  const query = mark < 0 ? "" : rest.slice(mark);
  const slashed = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
  const paths = [rest, `${slashed}${query}`];
  if (query !== "") {
    paths.push(path, slashed);
    const rewritten = `${path}?${new URLSearchParams(query.slice(1)).toString()}`;
    paths.push(rewritten, rewritten.replaceAll("+", "%20"));
  }
  return paths;
}
