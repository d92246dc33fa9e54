import { USUAL_PORTS, type ListenerInfo, type ListenerName } from "../../main/contract/listener.ts";

/** From where a listener can be reached: this machine, every address of it, or one that is named. */
export type ListenerReach = "local" | "all" | "one";

export interface ListenerForm {
  readonly reach: ListenerReach;
  /** Used for `one`. */
  readonly host: string;
  readonly port: string;
}

const HOSTS = { local: "127.0.0.1", all: "0.0.0.0" } as const;

/** `127.0.0.1:4800`, `[::1]:0`; null when it is something else. */
export function parseAddress(address: string): { readonly host: string; readonly port: number } | null {
  const [, v6, name, port] = /^(?:\[([0-9a-fA-F:.%a-z]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(address) ?? [];
  const host = v6 ?? name;
  return host === undefined || Number(port) > 65_535 ? null : { host, port: Number(port) };
}

export function toListenerForm({ name, address, configured }: Pick<ListenerInfo, "name" | "address" | "configured">): ListenerForm {
  const known = parseAddress(address ?? configured ?? "") ?? { host: HOSTS.local, port: USUAL_PORTS[name] };
  const reach = known.host === HOSTS.local ? "local" : known.host === HOSTS.all || known.host === "::" ? "all" : "one";
  return { reach, host: reach === "one" ? known.host : "", port: String(known.port) };
}

export interface ListenerFaults {
  readonly host: string | null;
  readonly port: string | null;
}

export function listenerFaults({ reach, host, port }: ListenerForm): ListenerFaults {
  const isPort = /^\d{1,5}$/.test(port) && Number(port) <= 65_535;
  return {
    host: reach === "one" && !/^[A-Za-z0-9._:%-]+$/.test(host) ? "Type an address of this machine, like 192.168.1.10 or ::1." : null,
    port: isPort ? null : "Type a port from 1 to 65535, or 0 for any free one.",
  };
}

/** As the setting writes it; only for a form without faults. */
export function fromListenerForm({ reach, host, port }: ListenerForm): string {
  const wanted = reach === "one" ? host : HOSTS[reach];
  return `${wanted.includes(":") ? `[${wanted}]` : wanted}:${Number(port)}`;
}

/** Can others than this machine reach it? */
export function isBeyondLoopback({ reach, host }: ListenerForm): boolean {
  if (reach !== "one") return reach === "all";
  return host !== "" && !isOwnMachine(host);
}

function isOwnMachine(host: string): boolean {
  return /^(\[?::1\]?|localhost|127(\.\d{1,3}){3})$/i.test(host);
}

/** What each listener is to a person. */
export const LISTENER_LOOKS: Readonly<Record<ListenerName, { readonly title: string; readonly carries: string }>> = {
  ingress: { title: "Ingress", carries: "Webhooks, HTTP publish, WebSocket, SSE, long-poll, Socket.IO, MQTT over WebSocket" },
  https: { title: "Ingress over TLS", carries: "The same as the ingress, encrypted" },
  mqtt: { title: "MQTT", carries: "MQTT 3.1, 3.1.1 and 5 over TCP" },
  mqtts: { title: "MQTT over TLS", carries: "The same as MQTT, encrypted" },
  inspector: { title: "Inspector", carries: "This page and its API, health and metrics; it cannot be switched off from within" },
};

/** Where the inspector's page is after its listener has moved: the same page, by a name that still leads there. */
export function movedTo(page: Pick<Location, "hostname" | "pathname">, login: string, address: string | null): string {
  const to = new URL(login);
  to.pathname = page.pathname;
  // "Every address" is dialled by the hub as its own machine's; this browser may be on another.
  if (address !== null && isBeyondLoopback(toListenerForm({ name: "inspector", address, configured: null })) && isOwnMachine(to.hostname))
    to.hostname = page.hostname;
  return to.href;
}
