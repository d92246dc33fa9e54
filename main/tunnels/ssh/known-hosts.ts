import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT) that speaks of host keys. */
interface KnownHost {
  readonly hosts: string;
  readonly keyType: string;
  readonly key: Buffer;
  readonly revoked: boolean;
}

/** What files say of a server. `keyTypes` are those it is known by. */
export interface KnownKeys {
  readonly keyTypes: readonly string[];
  /** `changed`: it is known, but not by this key. */
  check(key: Buffer): "known" | "changed" | "revoked" | "unknown";
}

/** `texts` are whole files. `name` is `host`, or `[host]:port` where the port is not 22. */
export function readKnownKeys(texts: readonly string[], name: string): KnownKeys {
  const found = texts
    .flatMap((text) => text.split("\n"))
    .map(parseLine)
    .filter((line) => line !== null && matchesHosts(line.hosts, name)) as KnownHost[];
  const good = found.filter(({ revoked }) => !revoked);
  return {
    keyTypes: [...new Set(good.map(({ keyType }) => keyType))],
    check(key) {
      if (found.some((line) => line.revoked && line.key.equals(key))) return "revoked";
      if (good.some((line) => line.key.equals(key))) return "known";
      return good.length > 0 ? "changed" : "unknown";
    },
  };
}

export function knownHostName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** As ssh-keygen shows a key: `SHA256:` and base64 without padding. */
export function fingerprintOf(key: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The type a key says of itself (RFC 4253 §6.6): a string before the rest. */
export function keyTypeOf(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key.toString("latin1", 4, 4 + Math.min(length, 64));
}

export function toKnownHostLine(name: string, key: Buffer): string {
  return `${name} ${keyTypeOf(key)} ${key.toString("base64")}\n`;
}

function parseLine(line: string): KnownHost | null {
  const parts = line.trim().split(/\s+/);
  const marker = parts[0]?.startsWith("@") ? parts.shift() : undefined;
  const [hosts, keyType, base64] = parts;
  // Certificates of authorities (@cert-authority) are not host keys.
  if (hosts === undefined || hosts.startsWith("#") || keyType === undefined || base64 === undefined) return null;
  if (marker !== undefined && marker !== "@revoked") return null;
  return { hosts, keyType, key: Buffer.from(base64, "base64"), revoked: marker === "@revoked" };
}

function matchesHosts(hosts: string, name: string): boolean {
  if (hosts.startsWith("|1|")) return matchesHashed(hosts, name);
  let matched = false;
  for (const pattern of hosts.split(",")) {
    const negated = pattern.startsWith("!");
    if (!matchesPattern(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

/** `|1|salt|hash`: an HMAC-SHA1 of the name. */
function matchesHashed(hosts: string, name: string): boolean {
  const [, , salt = "", hash = ""] = hosts.split("|");
  const wanted = Buffer.from(hash, "base64");
  const own = createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest();
  return wanted.length === own.length && timingSafeEqual(wanted, own);
}

/** `*` and `?` as in ssh_config(5). */
function matchesPattern(pattern: string, name: string): boolean {
  const source = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(name);
}
