/** What is known of the public side of a tunnel. */
export interface PublicSide {
  readonly publicUrl: string;
  /** A person has said so: then it holds whatever a request says. */
  readonly isGiven: boolean;
  readonly onlySource: string | null;
}

/**
 * The URL a sender dialled, which some providers sign. The Host of the request is the public host, as the tunnel hands it
 * on; where something on the way has put the listener's own address in its place, and where a person has said what the
 * URL is, that of the tunnel counts. `path` with its query.
 */
export function dialledUrl({ publicUrl, isGiven, onlySource }: PublicSide, host: string | null, path: string): string {
  if (onlySource !== null) return publicUrl + (/\?.*$/s.exec(path)?.[0] ?? "");
  const { protocol, host: own, pathname } = new URL(publicUrl);
  const dialled = isGiven || host === null || isLocal(host) ? own : host.toLowerCase();
  return `${protocol}//${dialled}${pathname.replace(/\/$/, "")}${path}`;
}

/** The same authority: names in any case, and a port that says nothing left out (RFC 9110 §4.2.3). */
export function isSameAuthority(authority: string, publicUrl: string): boolean {
  const { protocol, host } = new URL(publicUrl);
  return URL.canParse(`${protocol}//${authority}`) && new URL(`${protocol}//${authority}`).host === host;
}

function isLocal(host: string): boolean {
  return host === "" || /^(?:localhost|127\.[\d.]+|\[::1\])(?::\d*)?$/i.test(host);
}
