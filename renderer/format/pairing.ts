import type { ListenerInfo } from "../../main/contract/listener.ts";

/** Where a device would reach the hub by one of its addresses. */
export interface HubAddress {
  /** As it stands in a URL, IPv6 in brackets. */
  readonly host: string;
  /** Only this machine can dial it. */
  readonly isLoopback: boolean;
  /** Null where nothing listens for it on this address. Plain before TLS, as fewer devices can do that. */
  readonly mqtt: Door | null;
  readonly http: Door | null;
}

export interface Door {
  readonly port: number;
  readonly tls: boolean;
}

/** What a device needs to know beside the address. */
export interface DeviceKey {
  readonly name: string;
  readonly secret: string;
  /** A topic it may publish to, and a filter it may subscribe to; null where it may not. */
  readonly topic: string | null;
  readonly filter: string | null;
}

const DEVICE_LISTENERS = ["mqtt", "mqtts", "ingress", "https"] as const;

/** The addresses of the listeners for devices: those that others can dial come first. */
export function hubAddresses(listeners: readonly ListenerInfo[]): readonly HubAddress[] {
  const open = listeners.filter((one) => one.url !== null && DEVICE_LISTENERS.some((name) => name === one.name));
  const hosts = new Set(open.flatMap((one) => [...one.hosts, ...(isEverywhere(one) ? ["127.0.0.1"] : [])]));
  const doorOf = (name: string, host: string): Door | null => {
    const found = open.find((one) => one.name === name && (one.hosts.includes(host) || (isLoopbackHost(host) && isEverywhere(one))));
    return found ? { port: portOf(found.url!), tls: found.tls } : null;
  };
  return [...hosts]
    .map((host): HubAddress => ({
      host: host.includes(":") ? `[${host}]` : host,
      isLoopback: isLoopbackHost(host),
      mqtt: doorOf("mqtt", host) ?? doorOf("mqtts", host),
      http: doorOf("ingress", host) ?? doorOf("https", host),
    }))
    .toSorted((a, b) => Number(a.isLoopback) - Number(b.isLoopback) || Number(a.host.startsWith("[")) - Number(b.host.startsWith("[")));
}

/** A topic that a filter lets through, and the filter itself, with the place holders filled in. */
export function expandFor(filters: readonly string[], name: string): { readonly topic: string; readonly filter: string } | null {
  const filter = filters[0]?.replaceAll("%k", () => name).replaceAll("%c", () => name);
  if (filter === undefined) return null;
  const levels = filter.split("/");
  const topic = filter === "#" ? `${name}/hello` : levels.map((level) => (level === "+" || level === "#" ? "hello" : level)).join("/");
  return { topic, filter: filter === "#" ? `${name}/#` : filter };
}

/** How a phone or a set-up program is told where to connect: a QR code of this, of the protocol that is there. */
export function connectionUri({ host, mqtt, http }: HubAddress, { name, secret, filter }: DeviceKey): string | null {
  if (mqtt) return `mqtt${mqtt.tls ? "s" : ""}://${name}:${secret}@${host}:${mqtt.port}`;
  if (http) return `${httpUrl(host, http)}/sse?topic=${encodeURIComponent(filter ?? "#")}&key=${secret}`;
  return null;
}

export function httpUrl(host: string, { port, tls }: Door): string {
  return `http${tls ? "s" : ""}://${host}:${port}`;
}

function isEverywhere({ address }: ListenerInfo): boolean {
  return address !== null && /^(0\.0\.0\.0|\[::\]):\d+$/.test(address);
}

function isLoopbackHost(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function portOf(url: string): number {
  return Number(/:(\d+)\/?$/.exec(url)?.[1] ?? 0);
}
