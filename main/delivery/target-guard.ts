import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { accept, refuse, type Result } from "../contract/errors.ts";
import { isPublicAddress } from "../net/public-address.ts";

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** Which addresses deliveries may reach. */
export interface TargetGuard {
  /**
   * The addresses of a URL's host that a connection may be made to, and to no other. Refuses TARGET_REFUSED when it has none
   * of the public internet and is not allowed by name; throws what the resolver throws.
   */
  resolve(url: URL): Promise<Result<readonly LookupAddress[]>>;
  /** What can be said before anything is resolved: null, or why the URL cannot be a target. */
  fault(url: URL): string | null;
}

export interface TargetGuardOptions {
  /** Host names, addresses and networks (`10.0.0.0/8`) that may be reached although they are not public. */
  readonly allow: readonly string[];
  readonly resolve?: Resolve;
}

const resolveAll: Resolve = (host) => lookup(host, { all: true, order: "verbatim" });

export function createTargetGuard({ allow, resolve = resolveAll }: TargetGuardOptions): TargetGuard {
  const names = new Set(allow.filter((entry) => !isNetwork(entry)).map((entry) => entry.toLowerCase()));
  const networks = new BlockList();
  for (const entry of allow.filter(isNetwork)) {
    const [address = "", bits] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) networks.addAddress(address, family);
    else networks.addSubnet(address, Number(bits), family);
  }
  const isAllowed = ({ address, family }: LookupAddress): boolean =>
    isPublicAddress(address) || networks.check(address, family === 6 ? "ipv6" : "ipv4");

  return {
    async resolve(url) {
      const host = hostOf(url);
      const found = isIP(host) === 0 ? await resolve(host) : [{ address: host, family: isIP(host) }];
      const good = names.has(host) ? found : found.filter(isAllowed);
      if (good.length > 0) return accept(good);
      return refuse("TARGET_REFUSED", refusedMessage(host, found[0]?.address ?? host), { host });
    },
    fault(url) {
      if (url.protocol !== "http:" && url.protocol !== "https:") return "its address must begin with http:// or https://";
      if (url.username !== "" || url.password !== "") return "its address must not hold a user name or password; send them in a header";
      const host = hostOf(url);
      const family = isIP(host);
      if (family === 0 || names.has(host) || isAllowed({ address: host, family })) return null;
      return refusedMessage(host, host);
    },
  };
}

/** An address, or a network like `10.0.0.0/8`. */
export function isNetwork(entry: string): boolean {
  const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const family = isIP(address);
  return family !== 0 && (bits === undefined || Number(bits) <= (family === 6 ? 128 : 32));
}

/** As the resolver and the socket want it: without the brackets of an IPv6 address, or the dot at the end of a full name. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

function refusedMessage(host: string, address: string): string {
  const what = host === address ? address : `${host} (${address})`;
  return `${what} is not an address of the public internet; if deliveries are meant to go there, name it in the setting allow-targets`;
}
