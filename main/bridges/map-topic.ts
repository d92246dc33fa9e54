import type { BridgeRoute } from "../contract/bridge.ts";
import { matchesTopic, topicFault } from "../contract/topic.ts";

/** The topic there of a topic here; null when no route has it. */
export function toRemoteTopic(routes: readonly BridgeRoute[], topic: string): string | null {
  for (const { filter, localPrefix, remotePrefix } of routes) {
    const mapped = remap(topic, filter, localPrefix, remotePrefix);
    if (mapped !== null) return mapped;
  }
  return null;
}

/** The topic here of a topic there; null when no route has it. */
export function toLocalTopic(routes: readonly BridgeRoute[], topic: string): string | null {
  for (const { filter, localPrefix, remotePrefix } of routes) {
    const mapped = remap(topic, filter, remotePrefix, localPrefix);
    if (mapped !== null) return mapped;
  }
  return null;
}

function remap(topic: string, filter: string, from: string, to: string): string | null {
  if (!topic.startsWith(from) || !matchesTopic(filter, topic.slice(from.length))) return null;
  const mapped = to + topic.slice(from.length);
  return topicFault(mapped) === null ? mapped : null;
}
