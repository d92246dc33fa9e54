import { isIP, isIPv6 } from "node:net";
import { hostname, networkInterfaces } from "node:os";

const EVERY_ADDRESS: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);
const HOST_NAME = /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?$/;

/** What a client may call this machine whatever it listens on, and by what it is allowed to be called. */
export function ownNames(allowHosts: readonly string[]): string[] {
  const own = hostname();
  return toNames(["localhost", "127.0.0.1", "::1", own, ...(own.includes(".") ? [] : [`${own}.local`]), ...allowHosts]); // .local: RFC 6762 §3
}

/** The addresses and names of what listens on `host`; for every address, those that this machine has now. */
export function namesOfHost(host: string): string[] {
  if (!EVERY_ADDRESS.has(host)) return toNames([host]);
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return toNames(addresses.filter(({ internal, address }) => !internal && !isLinkLocal(address)).map(({ address }) => address));
}

/** Is it named so that it stays right when the machine's addresses change? */
export function isFixedHost(host: string): boolean {
  return !EVERY_ADDRESS.has(host);
}

/** An IPv6 address in its shortest form (RFC 5952) and without a zone; anything else as it is. */
export function toPlainAddress(name: string): string {
  const [address = ""] = name.split("%", 1);
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : name;
}

/** As certificates can name them, without duplicates. */
function toNames(names: readonly string[]): string[] {
  const plain = names.map((name) => toPlainAddress(name).toLowerCase());
  return [...new Set(plain)].filter((name) => isIP(name) !== 0 || HOST_NAME.test(name));
}

/** They change with the link, and cannot be dialled without naming it. */
function isLinkLocal(address: string): boolean {
  return /^fe80:|^169\.254\./i.test(address);
}
