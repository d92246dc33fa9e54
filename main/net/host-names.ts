import type { Socket } from "node:net";

/** Is this authority, of a request that came over this socket, one that its listener answers for? */
export type HostCheck = (authority: string, defaultPort: number, socket: Socket) => boolean;

/** The listener's own addresses, and what is allowed beside them: `name` (any port) or `name:port`; and what `also` knows. */
export function createHostCheck(allowed: readonly string[], also?: (authority: string) => boolean): HostCheck {
  const names = new Set(allowed.map((host) => host.toLowerCase()));
  return (authority, defaultPort, { localAddress = "", localPort }) => {
    const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(authority);
    if (!match) return false;
    const name = match[1]!.toLowerCase();
    const port = match[2] === undefined ? defaultPort : Number(match[2]);
    if (names.has(name) || names.has(`${name}:${port}`) || also?.(authority)) return true;
    // An address cannot be rebound, and that of the socket is ours; of names only localhost is.
    const address = name.replace(/^\[|\]$/g, "");
    return (
      (name === "localhost" || address === "127.0.0.1" || address === "::1" || address === plainAddress(localAddress)) && port === localPort
    );
  };
}

/** The same of an `Origin` (RFC 6454 §6.1): scheme, host and port; `null` is nobody we know. */
export function isOwnOrigin(origin: string, socket: Socket, allowsHost: HostCheck): boolean {
  const match = /^(https?):\/\/([^/]+)$/i.exec(origin);
  return match !== null && allowsHost(match[2]!, match[1]!.toLowerCase() === "https" ? 443 : 80, socket);
}

/** An IPv4 address as a dual-stack socket shows it, plainly. */
export function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
}

/** The values of one header, a line each. */
export function headerValues(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === name);
}

/** Foreign text as it may stand in a message. */
export function toPrintable(text: string): string {
  return text.slice(0, 100).replace(/[^\u0020-\u007e]/g, "?");
}
