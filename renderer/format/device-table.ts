import { PROTOCOLS, type Protocol } from "../../main/contract/event.ts";
import type { Device } from "../state/device-list.ts";

export const DEVICE_COLUMNS = ["name", "protocol", "address", "key", "since", "in", "out", "queue", "subscriptions"] as const;
export type DeviceColumn = (typeof DEVICE_COLUMNS)[number];

export interface DeviceSort {
  readonly column: DeviceColumn;
  readonly descending: boolean;
}

/** Names and the like from A on first, figures from the largest on. */
export function firstDirection(column: DeviceColumn): boolean {
  return !(column === "name" || column === "protocol" || column === "address" || column === "key");
}

/** What the filter line asks for: words that must all be there, and protocols of which any will do. */
export interface DeviceFilter {
  readonly words: readonly string[];
  readonly protocols: readonly Protocol[];
}

/** `pump 10.0.0 protocol:mqtt,websocket`. What is no protocol is a word like any other. */
export function parseDeviceFilter(line: string): DeviceFilter {
  const words: string[] = [];
  const protocols: Protocol[] = [];
  for (const term of line.toLowerCase().split(/\s+/).filter(Boolean)) {
    const named = /^protocol:(.+)$/.exec(term)?.[1]?.split(",") ?? [];
    const known = PROTOCOLS.filter((one) => named.includes(one));
    if (known.length > 0) protocols.push(...known);
    else words.push(term);
  }
  return { words, protocols };
}

export function writeDeviceFilter({ words, protocols }: DeviceFilter): string {
  return [...words, ...(protocols.length > 0 ? [`protocol:${protocols.join(",")}`] : [])].join(" ");
}

export function passesDeviceFilter({ info }: Device, { words, protocols }: DeviceFilter): boolean {
  if (protocols.length > 0 && !protocols.includes(info.protocol)) return false;
  if (words.length === 0) return true;
  const { name, protocol, version, remoteAddress, key, subscriptions, topics } = info;
  const text = [name, protocol, version, remoteAddress, key, ...subscriptions, ...topics].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}

/** How many devices there are of each protocol, of those that are there; the most first. */
export function countProtocols(devices: Iterable<Device>): readonly (readonly [Protocol, number])[] {
  const counts = new Map<Protocol, number>();
  for (const { info, goneAt } of devices) if (goneAt === null) counts.set(info.protocol, (counts.get(info.protocol) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

const natural = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** In the order of a column; the same in it by name, then in order of arrival. */
export function sortDevices(devices: readonly Device[], { column, descending }: DeviceSort): Device[] {
  const compare = comparer(column);
  const sign = descending ? -1 : 1;
  return devices.toSorted(
    (a, b) => sign * compare(a, b) || natural.compare(a.info.name, b.info.name) || Number.parseInt(a.key, 36) - Number.parseInt(b.key, 36),
  );
}

function comparer(column: DeviceColumn): (a: Device, b: Device) => number {
  const by =
    (value: (device: Device) => number) =>
    (a: Device, b: Device): number =>
      value(a) - value(b);
  switch (column) {
    case "name":
      return (a, b) => natural.compare(a.info.name, b.info.name);
    case "protocol":
      return (a, b) => natural.compare(`${a.info.protocol} ${a.info.version}`, `${b.info.protocol} ${b.info.version}`);
    case "address":
      return (a, b) => natural.compare(a.info.remoteAddress, b.info.remoteAddress);
    case "key":
      // Those without one come last.
      return (a, b) => natural.compare(a.info.key ?? "\uffff", b.info.key ?? "\uffff");
    case "since":
      return by(({ info }) => info.connectedAt);
    case "in":
      return by(({ info, goneAt }) => (goneAt === null ? info.received.perSecond : -1));
    case "out":
      return by(({ info, goneAt }) => (goneAt === null ? info.sent.perSecond : -1));
    case "queue":
      return (a, b) => a.info.queuedEvents - b.info.queuedEvents || a.info.queuedBytes - b.info.queuedBytes;
    case "subscriptions":
      return by(({ info }) => info.subscriptionCount);
  }
}

/** `0`, `0.4`, `12`, `1.2k` events a second. */
export function toRate(perSecond: number): string {
  if (perSecond === 0) return "0";
  if (perSecond < 9.95) return String(Number(perSecond.toFixed(1)));
  if (perSecond < 999.5) return String(Math.round(perSecond));
  const thousands = perSecond / 1000;
  return `${thousands < 9.95 ? Number(thousands.toFixed(1)) : Math.round(thousands)}k`;
}
