import { BlockList, isIP } from "node:net";

/** What is not the public internet, by the IANA registries of special-purpose addresses (RFC 6890 and later). */
const SPECIAL_4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10], // shared by a provider's customers, RFC 6598
  ["127.0.0.0", 8],
  ["169.254.0.0", 16], // link-local; clouds tell machines their secrets at 169.254.169.254
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Within 2000::/3, the part of IPv6 that is given out; most carry an IPv4 address that would be reached behind them. */
const SPECIAL_6: readonly (readonly [string, number])[] = [
  ["2001::", 23], // Teredo, benchmarking, ORCHID
  ["2001:db8::", 32],
  ["2002::", 16], // 6to4
  ["3fff::", 20],
];

const special = new BlockList();
for (const [address, bits] of SPECIAL_4) special.addSubnet(address, bits, "ipv4");
for (const [address, bits] of SPECIAL_6) special.addSubnet(address, bits, "ipv6");
const given = new BlockList();
given.addSubnet("2000::", 3, "ipv6");

/**
 * Is this address one of the public internet, and so nothing that stands behind this machine's firewall? IPv6 outside
 * 2000::/3 is not: loopback, link-local, unique local, IPv4-mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96). What is no
 * address is not either.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, "ipv4");
  return family === 6 && given.check(address, "ipv6") && !special.check(address, "ipv6");
}
