import type { HeaderList } from "../contract/event.ts";

/** The secret of `Authorization: Bearer <secret>` (RFC 6750 §2.1); null when there is none. */
export function bearerOf(authorization: string | undefined): string | null {
  return /^Bearer +([^\s]+) *$/i.exec(authorization ?? "")?.[1] ?? null;
}

/** The secret of `?key=<secret>`, for clients that cannot set headers; null when there is none. */
export function keyParamOf(target: string): string | null {
  const query = target.indexOf("?");
  if (query < 0 || !/[?&]key=/.test(target)) return null;
  return new URLSearchParams(target.slice(query + 1)).get("key");
}

/** The target as it may be stored and logged: without the key. */
export function withoutKeyParam(target: string): string {
  const query = target.indexOf("?");
  if (query < 0) return target;
  const kept = target
    .slice(query + 1)
    .split("&")
    .filter((pair) => !/^key(?:=|$)/i.test(decodeName(pair)));
  return kept.length === 0 ? target.slice(0, query) : `${target.slice(0, query)}?${kept.join("&")}`;
}

/** The headers as they may be stored: without what proves who somebody is. */
export function withoutCredentials(headers: HeaderList): HeaderList {
  return headers.some(isCredential) ? headers.filter((header) => !isCredential(header)) : headers;
}

function isCredential([name]: readonly [string, string]): boolean {
  return name.length === 13 && name.toLowerCase() === "authorization";
}

function decodeName(pair: string): string {
  const [name = ""] = pair.split("=", 1);
  try {
    return `${decodeURIComponent(name)}=`;
  } catch {
    return pair;
  }
}
