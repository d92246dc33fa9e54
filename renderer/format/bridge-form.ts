import { BRIDGE_NAME, type BridgeChange, type BridgeInfo, type BridgeRoute } from "../../main/contract/bridge.ts";
import { topicFault, topicFilterFault } from "../../main/contract/topic.ts";

export type Direction = "subscribe" | "publish";

export interface RouteForm extends BridgeRoute {
  readonly direction: Direction;
}

export interface BridgeForm {
  readonly name: string;
  readonly url: string;
  readonly version: "4" | "5";
  readonly username: string;
  /** Empty: none, or the one that is kept. */
  readonly password: string;
  readonly keepsPassword: boolean;
  readonly ca: string;
  readonly routes: readonly RouteForm[];
}

export const NEW_ROUTE: RouteForm = { direction: "publish", filter: "", localPrefix: "", remotePrefix: "" };
export const NEW_BRIDGE: BridgeForm = {
  name: "",
  url: "",
  version: "5",
  username: "",
  password: "",
  keepsPassword: false,
  ca: "",
  routes: [NEW_ROUTE],
};

const SCHEMES = new Set(["mqtt:", "mqtts:", "ws:", "wss:"]);
const SECURE = new Set(["mqtts:", "wss:"]);

export function toBridgeForm({ name, url, version, username, hasPassword, ca, subscribe, publish }: BridgeInfo): BridgeForm {
  return {
    name,
    url,
    version: version === 4 ? "4" : "5",
    username: username ?? "",
    password: "",
    keepsPassword: hasPassword,
    ca: ca ?? "",
    routes: [
      ...subscribe.map((route) => ({ direction: "subscribe" as const, ...route })),
      ...publish.map((route) => ({ direction: "publish" as const, ...route })),
    ],
  };
}

/** What the hub takes; only for a form without faults. A password that is kept is left out. */
export function fromBridgeForm({ name, url, version, username, password, keepsPassword, ca, routes }: BridgeForm): BridgeChange {
  const routesOf = (wanted: Direction): readonly BridgeRoute[] =>
    routes
      .filter(({ direction }) => direction === wanted)
      .map(({ filter, localPrefix, remotePrefix }) => ({ filter, localPrefix, remotePrefix }));
  return {
    name,
    url,
    version: version === "4" ? 4 : 5,
    username: username === "" ? null : username,
    ...(keepsPassword ? {} : { password: password === "" ? null : password }),
    ca: ca.trim() === "" ? null : ca,
    subscribe: routesOf("subscribe"),
    publish: routesOf("publish"),
  };
}

/** A kept password goes to no other address and no other user: then it has to be typed again. */
export function losesPassword(form: Pick<BridgeForm, "url" | "username">, before: BridgeInfo | null): boolean {
  return before !== null && before.hasPassword && (form.url !== before.url || (form.username || null) !== before.username);
}

export function isSecure(url: string): boolean {
  return URL.canParse(url) && SECURE.has(new URL(url).protocol);
}

export function bridgeNameFault(name: string, taken: readonly string[]): string | null {
  if (name === "") return "Give the bridge a name, like the other broker's.";
  if (!BRIDGE_NAME.test(name)) return "Use 1 to 64 letters, digits, dots, dashes or underscores; begin with a letter or digit.";
  return taken.includes(name) ? `There is a bridge “${name}” already. Choose another name, or edit that one.` : null;
}

export function bridgeUrlFault(url: string): string | null {
  if (url === "") return "Type the other broker's address, like mqtts://broker.example:8883.";
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !SCHEMES.has(parsed.protocol) || parsed.hostname === "")
    return "Begin with mqtt://, mqtts://, ws:// or wss://, then the host, like mqtts://broker.example:8883.";
  if (parsed.username !== "" || parsed.password !== "")
    return "Take user name and password out of the address; they have fields of their own.";
  return null;
}

export function caFault(ca: string): string | null {
  if (ca.trim() === "" || /^-----BEGIN CERTIFICATE-----[^]+-----END CERTIFICATE-----\s*$/.test(ca.trim())) return null;
  return "Paste the whole certificate, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.";
}

export interface RouteFaults {
  readonly filter: string | null;
  readonly localPrefix: string | null;
  readonly remotePrefix: string | null;
}

export function routeFaults({ filter, localPrefix, remotePrefix }: BridgeRoute): RouteFaults {
  const fault = filter === "" ? "type a topic filter, like # for all" : topicFilterFault(filter);
  return {
    filter: fault === null ? null : `${fault[0]!.toUpperCase()}${fault.slice(1)}.`,
    localPrefix: prefixFault(localPrefix),
    remotePrefix: prefixFault(remotePrefix),
  };
}

function prefixFault(prefix: string): string | null {
  if (prefix === "") return null;
  if (/[+#]/.test(prefix)) return "A prefix has no wildcards.";
  if (!prefix.endsWith("/")) return "End the prefix with /.";
  const fault = topicFault(prefix);
  return fault === null ? null : `${fault[0]!.toUpperCase()}${fault.slice(1)}.`;
}

/** Everything that keeps the form from being sent; null when it can be. */
export function bridgeFault(form: BridgeForm, taken: readonly string[]): string | null {
  const faults = [
    bridgeNameFault(form.name, taken),
    bridgeUrlFault(form.url),
    caFault(form.ca),
    form.routes.length === 0 ? "Add a route: without one nothing goes over the bridge." : null,
    ...form.routes.flatMap((route) => Object.values(routeFaults(route)) as (string | null)[]),
  ];
  return faults.find((fault) => fault !== null) ?? null;
}

/** `sensors/# here → site/sensors/# there`. */
export function routeText(
  { filter, localPrefix, remotePrefix }: BridgeRoute,
  direction: Direction,
): { readonly from: string; readonly to: string } {
  const here = localPrefix + filter;
  const there = remotePrefix + filter;
  return direction === "publish" ? { from: here, to: there } : { from: there, to: here };
}
