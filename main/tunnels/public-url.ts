/** A public base URL as it is used: http or https, lower-case host, no user, query or slash at its end; null for anything else. */
export function toPublicUrl(text: string): string | null {
  if (text.length > 500 || !URL.canParse(text)) return null;
  const { protocol, username, password, host, pathname, search, hash } = new URL(text);
  if ((protocol !== "https:" && protocol !== "http:") || username !== "" || password !== "" || search !== "" || hash !== "" || host === "")
    return null;
  return `${protocol}//${host}${pathname.replace(/\/+$/, "")}`;
}

/** Does the URL lead to that host, or to a name below it? */
export function leadsBelow(publicUrl: string, host: string): boolean {
  return isWithin(new URL(publicUrl).hostname.replace(/^\[|\]$/g, ""), host.replace(/^\[|\]$/g, ""));
}

/** Is this host the other, or a name below it? Hosts without ports. */
export function isWithin(host: string, domain: string): boolean {
  const [inner, outer] = [host.toLowerCase(), domain.toLowerCase()];
  return inner === outer || inner.endsWith(`.${outer}`);
}
