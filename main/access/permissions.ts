import { matchesTopic } from "../contract/topic.ts";
import type { Key } from "./key.ts";

/** Who somebody is on the ingress, and what they may do. */
export interface Peer {
  /** The key's name; null for somebody without one. */
  readonly key: string | null;
  mayPublish(topic: string): boolean;
  /** A wider filter than what is allowed is refused, not narrowed. */
  maySubscribe(filter: string): boolean;
  /** Is the key still there, enabled and not expired? Asked where time passes between letting somebody in and knowing whom to put out. */
  isGood(): boolean;
}

/** Somebody without a key, where that is allowed. */
export const ANYBODY: Peer = { key: null, mayPublish: () => true, maySubscribe: () => true, isGood: () => true };

/** Somebody who has not been let in. */
export const NOBODY: Peer = { key: null, mayPublish: () => false, maySubscribe: () => false, isGood: () => false };

/** `clientId`: what the client calls itself (MQTT's client id); filters with `%c` allow nothing without one. */
export function toPeer(key: Key, clientId: string | null, isGood: () => boolean = () => true): Peer {
  const publish = expand(key.publish, key.name, clientId);
  const subscribe = expand(key.subscribe, key.name, clientId);
  return {
    key: key.name,
    mayPublish: (topic) => publish.some((filter) => matchesTopic(filter, topic)),
    maySubscribe: (filter) => subscribe.some((allowed) => coversFilter(allowed, filter)),
    isGood,
  };
}

function expand(filters: readonly string[], name: string, clientId: string | null): string[] {
  // An id with a character that means something in a filter would widen it.
  const id = clientId !== null && clientId !== "" && !/[/+#\u0000]/.test(clientId) ? clientId : null;
  return filters
    .filter((filter) => id !== null || !filter.includes("%c"))
    .map((filter) => filter.replaceAll("%k", () => name).replaceAll("%c", () => id ?? ""));
}

/** Does every topic that matches `filter` match `allowed` too? Both are expected to be valid. */
export function coversFilter(allowed: string, filter: string): boolean {
  const have = allowed === "+/#" ? ["#"] : allowed.split("/"); // every topic has a first level
  const want = filter.split("/");
  // [MQTT-4.7.2-1] what begins with a wildcard matches no $… topics.
  if (want[0]!.startsWith("$") && (have[0] === "#" || have[0] === "+")) return false;
  for (let depth = 0; depth < have.length; depth += 1) {
    if (have[depth] === "#") return true;
    if (depth >= want.length || want[depth] === "#") return false;
    if (have[depth] !== "+" && have[depth] !== want[depth]) return false;
  }
  return want.length === have.length;
}
