import { appendFileSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fingerprintOf, knownHostName, readKnownKeys, toKnownHostLine } from "./known-hosts.ts";

export interface HostKeyOptions {
  readonly host: string;
  readonly port: number;
  /** The only key that counts, `SHA256:…`; null: what known_hosts files say. */
  readonly pinned: string | null;
  /** A server that no file knows is believed, and remembered. */
  readonly acceptNew: boolean;
  readonly dataFolder: string;
  /** Beside that in the data folder; those of this user and of the system unless said. */
  readonly files?: readonly string[];
}

export interface HostKeyCheck {
  /** Types of the keys it is known by, to be asked for before others: it may have several. */
  readonly keyTypes: readonly string[];
  /** Why the server must not be spoken to, or null when it may. */
  fault(key: Buffer): string | null;
}

const SYSTEM_FILES = [join(homedir(), ".ssh", "known_hosts"), "/etc/ssh/ssh_known_hosts"] as const;

/** Is the server the one that is meant? Asked before anything secret is sent to it. */
export function createHostKeyCheck({ host, port, pinned, acceptNew, dataFolder, files = SYSTEM_FILES }: HostKeyOptions): HostKeyCheck {
  const own = join(dataFolder, "known_hosts");
  const name = knownHostName(host, port);
  if (pinned !== null) return { keyTypes: [], fault: (key) => pinFault(fingerprintOf(key), pinned.replace(/=+$/, ""), name) };
  const known = readKnownKeys([...files, own].map(readIfThere), name);
  return {
    keyTypes: known.keyTypes,
    fault(key) {
      const fingerprint = fingerprintOf(key);
      switch (known.check(key)) {
        case "known":
          return null;
        case "revoked":
          return `The key of ${name}, ${fingerprint}, is marked as revoked in known_hosts: somebody else may be answering. It is not connected to.`;
        case "changed":
          return `The key of ${name} is not the one that is known: it shows ${fingerprint}. Somebody else may be answering, so it is not connected to. If the server has a new key, remove the old one with "ssh-keygen -R '${name}'" (and from ${own}), or give the new one as host-key.`;
        case "unknown":
          if (!acceptNew)
            return `The server ${name} is not known: it shows the key ${fingerprint}. If that is right, give it as host-key, or connect to it once with ssh so that it is in known_hosts.`;
          appendFileSync(own, toKnownHostLine(name, key), { mode: 0o600 });
          return null;
      }
    },
  };
}

function pinFault(fingerprint: string, pinned: string, name: string): string | null {
  if (fingerprint === pinned) return null;
  return `The key of ${name} is ${fingerprint}, and host-key says ${pinned}: somebody else may be answering, so it is not connected to. Correct host-key if the server has a new key.`;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // a file nobody has made, or that is not for this user, knows nothing
  }
}
