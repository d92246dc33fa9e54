import { BlockList, isIP, isIPv6, type Socket } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Is this a host that only this machine can reach? Names other than `localhost` are not looked up and count as foreign. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === "localhost";
  return loopback.check(host, family === 6 ? "ipv6" : "ipv4");
}

/** Does it speak TLS? */
export function isEncrypted(socket: Socket): boolean {
  return "encrypted" in socket;
}

/** `host:port` as it stands in a URL (RFC 3986 §3.2.2: an IPv6 address in brackets). */
export function toAuthority(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** "Every address" is none that can be dialled; this machine's own is. */
export function dialable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}
