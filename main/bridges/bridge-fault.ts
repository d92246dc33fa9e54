import { BRIDGE_NAME, MAX_ROUTES, type Bridge, type BridgeRoute } from "../contract/bridge.ts";
import { topicFault, topicFilterFault } from "../contract/topic.ts";

const SCHEMES = new Set(["mqtt:", "mqtts:", "ws:", "wss:"]);

/** Why this cannot be a bridge, or null when it can. */
export function bridgeFault({ name, url, version, subscribe, publish }: Bridge): string | null {
  if (!BRIDGE_NAME.test(name)) return "its name must have 1 to 64 letters, digits, dots, dashes or underscores";
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !SCHEMES.has(parsed.protocol) || parsed.hostname === "")
    return "its url must be like mqtt://broker.example:1883 or mqtts://…, ws://…, wss://…";
  if (parsed.username !== "" || parsed.password !== "") return "its url must not hold credentials; give username and password";
  if (subscribe.length + publish.length === 0) return "it needs a route, in subscribe or in publish";
  if (subscribe.length > MAX_ROUTES || publish.length > MAX_ROUTES) return `it has more than ${MAX_ROUTES} routes in one direction`;
  for (const route of [...subscribe, ...publish]) {
    const fault = routeFault(route);
    if (fault !== null) return fault;
  }
  if (version === 4 && subscribe.some((one) => publish.some((other) => overlap(remoteFilter(one), remoteFilter(other)))))
    return "with version 4 its routes must not have the same topics in both directions: only version 5 keeps events from coming back";
  return null;
}

function remoteFilter({ filter, remotePrefix }: BridgeRoute): string[] {
  return (remotePrefix + filter).split("/");
}

/** May a topic match both? */
function overlap([a, ...restA]: readonly string[], [b, ...restB]: readonly string[]): boolean {
  if (a === "#" || b === "#") return true;
  if (a === undefined || b === undefined) return a === b || (a ?? b) === undefined;
  return (
    (a === b || a === "+" || b === "+") &&
    (overlap(restA, restB) || (restA.length === 0 && restB[0] === "#") || (restB.length === 0 && restA[0] === "#"))
  );
}

function routeFault({ filter, localPrefix, remotePrefix }: BridgeRoute): string | null {
  for (const prefix of [localPrefix, remotePrefix]) {
    if (prefix !== "" && (!prefix.endsWith("/") || topicFault(prefix) !== null))
      return `"${prefix}" cannot be a prefix: it must be the beginning of a topic and end in /`;
    const fault = topicFilterFault(prefix + filter);
    if (fault) return `"${prefix + filter}" cannot be a filter: ${fault}`;
  }
  return filter.startsWith("$") && filter.startsWith("$share/") ? "a route's filter cannot be a shared subscription" : null;
}
