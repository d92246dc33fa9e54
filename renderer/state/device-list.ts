import type { SessionChanges, SessionInfo } from "../../main/contract/session.ts";

/** One line of the Devices table: a session, and what is remembered of it while the page is open. */
export interface Device {
  /** Of the line, not of the session: a peer that comes again within moments takes its line again. */
  readonly key: string;
  readonly info: SessionInfo;
  /** Epoch ms of this machine; null while it is there. */
  readonly goneAt: number | null;
  readonly rates: RateHistory;
}

/** Events per second of the last SAMPLES seconds, the newest last; changed in place, once a second. */
export interface RateHistory {
  readonly received: number[];
  readonly sent: number[];
}

/** Seconds of rates that are kept. */
export const SAMPLES = 60;
/** A line stays so long after its session is gone. */
export const GONE_MS = 12_000;

export type DeviceMap = ReadonlyMap<string, Device>;

/** Names a session for good: the hub counts its sessions anew when it is started. */
export function keyOf({ id, connectedAt }: Pick<SessionInfo, "id" | "connectedAt">): string {
  return `${id}-${connectedAt.toString(36)}`;
}

/** Lines by key, after a frame of the sessions feed. */
export function applyChanges(before: DeviceMap, { changed, gone }: SessionChanges, now: number): DeviceMap {
  if (changed.length === 0 && gone.length === 0) return before;
  const devices = new Map(before);
  const live = new Map<string, Device>();
  const waiting = new Map<string, Device>();
  for (const device of before.values()) {
    if (device.goneAt === null) live.set(device.info.id, device);
    else waiting.set(identityOf(device.info), device);
  }
  for (const id of gone) {
    const device = live.get(id);
    if (!device) continue;
    const left = { ...device, goneAt: now };
    live.delete(id);
    devices.set(device.key, left);
    waiting.set(identityOf(device.info), left);
  }
  for (const info of changed) {
    const known = live.get(info.id);
    const isSame = known?.info.connectedAt === info.connectedAt;
    const line = isSame ? known : waiting.get(identityOf(info));
    waiting.delete(identityOf(info));
    const next: Device = { key: line?.key ?? keyOf(info), info, goneAt: null, rates: line?.rates ?? { received: [], sent: [] } };
    live.set(info.id, next);
    devices.set(next.key, next);
  }
  return devices;
}

/** Takes away what has been gone for long; `keep` is a line's key that somebody looks at. */
export function dropGone(before: DeviceMap, now: number, keep: string | null): DeviceMap {
  const over = [...before.values()].filter(({ goneAt, key }) => goneAt !== null && now - goneAt > GONE_MS && key !== keep);
  if (over.length === 0) return before;
  const devices = new Map(before);
  for (const { key } of over) devices.delete(key);
  return devices;
}

/** The hub may have been started anew: what it does not tell of again is gone. */
export function markAllGone(before: DeviceMap, now: number): DeviceMap {
  return new Map([...before].map(([id, device]) => [id, device.goneAt === null ? { ...device, goneAt: now } : device]));
}

/** Once a second: the rates as they are now. Nothing is kept of a session through which nothing ever went. */
export function sampleRates(devices: DeviceMap): void {
  for (const { info, rates, goneAt } of devices.values()) {
    const received = goneAt === null ? info.received.perSecond : 0;
    const sent = goneAt === null ? info.sent.perSecond : 0;
    if (rates.received.length === 0 && received === 0 && sent === 0) continue;
    push(rates.received, received);
    push(rates.sent, sent);
  }
}

function push(samples: number[], value: number): void {
  samples.push(value);
  if (samples.length > SAMPLES) samples.shift();
}

/** The line an address names: by its key, or by the id of the session it is now. */
export function findDevice(devices: DeviceMap, item: string): Device | null {
  return devices.get(item) ?? [...devices.values()].find(({ info }) => info.id === item || keyOf(info) === item) ?? null;
}

/** Who comes again is known by its client id over MQTT, and otherwise by all that can be told of it. */
function identityOf({ protocol, name, remoteAddress, key, version, subscriptions }: SessionInfo): string {
  return JSON.stringify(protocol === "mqtt" ? [protocol, name] : [protocol, name, remoteAddress, key, version, subscriptions]);
}
