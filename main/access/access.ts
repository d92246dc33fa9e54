import { accept, refuse, type Result } from "../contract/errors.ts";
import { isLoopback } from "../platform/net.ts";
import { createAttemptLimit } from "./attempt-limit.ts";
import type { Keys } from "./keys.ts";
import { ANYBODY, toPeer, type Peer } from "./permissions.ts";

export interface Credentials {
  /** A key's secret, or null when none was given. */
  readonly secret: string | null;
  /** The key name that came with it, where the protocol has a place for one (MQTT's user name). */
  readonly name?: string | null;
  /** What the client calls itself, for `%c`. */
  readonly clientId?: string | null;
  readonly remoteAddress: string;
}

/** Who may use the ingress. */
export interface Access {
  /** May this address open one more connection now? Refuses TOO_MANY_ATTEMPTS. */
  admit(remoteAddress: string): Result<void>;
  /** Is there a key of that name? */
  knows(key: string): boolean;
  /** Refuses KEY_REQUIRED, KEY_INVALID, TOO_MANY_ATTEMPTS. */
  authenticate(credentials: Credentials): Promise<Result<Peer>>;
}

export interface AccessOptions {
  readonly keys: Keys;
  /** Also beyond this machine nobody needs a key. */
  readonly allowAnonymous: boolean;
  /** Ms, monotonic. */
  readonly now: () => number;
}

/** From one address beyond this machine: connections and wrong secrets at once, and each minute. */
const CONNECTS = { burst: 200, perMinute: 1200 };
const FAILURES = { burst: 10, perMinute: 10 };

export function createAccess({ keys, allowAnonymous, now }: AccessOptions): Access {
  const connects = createAttemptLimit(now, CONNECTS.burst, CONNECTS.perMinute);
  const failures = createAttemptLimit(now, FAILURES.burst, FAILURES.perMinute);
  /** Addresses that have used up their failures wait before anything is checked for them, right or wrong. */
  const blockedUntil = new Map<string, number>();

  return {
    admit(address) {
      return isLoopback(address) || connects.take(address) ? accept(undefined) : TOO_FAST;
    },
    knows: (key) => keys.has(key),
    async authenticate({ secret, name = null, clientId = null, remoteAddress }) {
      if (secret === null) return allowAnonymous || isLoopback(remoteAddress) ? accept(ANYBODY) : KEY_REQUIRED;
      const until = blockedUntil.get(remoteAddress);
      if (until !== undefined) {
        if (until > now()) return TOO_MANY_FAILURES;
        blockedUntil.delete(remoteAddress);
      }
      const key = await keys.verify(secret);
      if (key && (name === null || name === key.name)) return accept(toPeer(key, clientId, () => keys.isGood(key.id)));
      if (!failures.take(remoteAddress)) {
        if (blockedUntil.size >= 1000) blockedUntil.clear();
        blockedUntil.set(remoteAddress, now() + 10_000);
      }
      return KEY_INVALID;
    },
  };
}

const KEY_REQUIRED = refuse(
  "KEY_REQUIRED",
  "A key is needed from beyond the hub's own machine: send its secret as `Authorization: Bearer <secret>` or `?key=<secret>`.",
);
const KEY_INVALID = refuse("KEY_INVALID", "This key is unknown, switched off or expired.");
const TOO_FAST = refuse("TOO_MANY_ATTEMPTS", "Too many connections come from this address. Try again in a minute.");
const TOO_MANY_FAILURES = refuse("TOO_MANY_ATTEMPTS", "Too many wrong keys came from this address. Try again in ten seconds.");
