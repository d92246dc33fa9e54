import { namesOfHost } from "../access/tls/host-names.ts";
import type { ListenAddress } from "../config/config.ts";
import { accept, refuse, RefusalError, type Refusal, type Result } from "../contract/errors.ts";
import { LISTENER_NAMES, type ListenerInfo, type ListenerName, type ListenerSaved } from "../contract/listener.ts";
import type { OpenListener } from "../gateways/gateway.ts";
import type { ListenerDirectory } from "../hub/listener-directory.ts";
import type { Logger } from "../platform/log.ts";
import { findFreePort } from "../platform/free-port.ts";
import { isLoopback } from "../platform/net.ts";
import { formatAddress, parseAddress } from "./address.ts";
import { exposureFault, type ExposureOptions } from "./exposure.ts";
import type { SavedAddresses } from "./saved-addresses.ts";

export type Address = NonNullable<ListenAddress>;

export interface ListenersOptions extends ExposureOptions {
  readonly saved: SavedAddresses;
  /** What settings file, environment and flags say. */
  readonly configured: Readonly<Record<ListenerName, ListenAddress>>;
  /** How each is opened. They throw a RefusalError: PORT_BUSY, LISTEN_REFUSED, CONFIG_INVALID. */
  readonly open: Readonly<Record<ListenerName, (address: Address) => Promise<OpenListener>>>;
  /** The inspector's address with a login good for one use. */
  readonly createLoginLink: () => string;
  /** One has been opened, moved or closed. */
  readonly onChanged: () => void;
  readonly logger: Logger;
}

export interface Listeners extends ListenerDirectory {
  /** Opens what is asked for. Throws a RefusalError; one that was asked for at run time fails by itself. */
  start(): Promise<void>;
  /** Ends all of them at the same time, so that their patience does not add up. */
  stop(): Promise<void>;
}

interface Slot {
  readonly name: ListenerName;
  address: ListenAddress;
  listener: OpenListener | null;
  /** Why it does not listen though it should. */
  reason: string | null;
}

/** The order of opening: the inspector last, so that who finds it finds the rest. */
const ORDER: readonly ListenerName[] = ["mqtt", "mqtts", "ingress", "https", "inspector"];

export function createListeners(options: ListenersOptions): Listeners {
  const { saved, configured, open, logger } = options;
  const slots = ORDER.map((name): Slot => ({ name, address: saved.get(name) ?? configured[name], listener: null, reason: null }));
  const closing = new Set<Promise<void>>();
  let stopping = false;
  /** One change after the other. */
  let working: Promise<unknown> = Promise.resolve();

  const slotOf = (name: ListenerName): Slot => slots.find((slot) => slot.name === name)!;

  const openAt = async (name: ListenerName, address: ListenAddress): Promise<Result<OpenListener | null>> => {
    const exposed = exposureFault(name, address, options);
    if (exposed) return { ok: false, refusal: exposed };
    if (address === null) return accept(null);
    if (name === "inspector" && !isLoopback(address.host))
      logger.warn("The inspector listens beyond this machine without TLS: its token can be read on the way.", { host: address.host });
    try {
      return accept(await open[name](address));
    } catch (error) {
      if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
      throw error;
    }
  };

  const close = (listener: OpenListener | null): void => {
    if (listener === null) return;
    const closed = listener
      .close()
      .catch((error: unknown) => logger.error("A listener did not close cleanly.", { url: listener.url, error }));
    closing.add(closed);
    void closed.finally(() => closing.delete(closed));
  };

  /**
   * Opens the new address before the old is given up. Where they overlap, as 127.0.0.1:1883 and 0.0.0.0:1883 do, that
   * cannot be: the old is then freed first, and taken again should the new one fail.
   */
  const replace = async (slot: Slot, address: ListenAddress): Promise<Result<OpenListener | null>> => {
    const opened = await openAt(slot.name, address);
    const { listener: old, address: before } = slot;
    if (opened.ok || old === null || opened.refusal.code !== "PORT_BUSY" || portOf(old) !== address?.port) return opened;
    close(old);
    slot.listener = null;
    const again = await openAt(slot.name, address);
    if (again.ok) return again;
    const back = await openAt(slot.name, before && { host: before.host, port: portOf(old) });
    slot.listener = back.ok ? back.value : null;
    slot.reason = back.ok ? null : back.refusal.message;
    return again;
  };

  const change = async (name: ListenerName, wanted: ListenAddress, save: ListenAddress | undefined): Promise<Result<ListenerSaved>> => {
    if (stopping) return STOPPING;
    const slot = slotOf(name);
    const before = { saved: saved.get(name), listener: slot.listener };
    const unsaved = await saved.put(name, save);
    if (unsaved !== null) return { ok: false, refusal: unsaved };
    const isThere = formatAddress(wanted) === formatAddress(slot.address) && (wanted === null) === (slot.listener === null);
    const opened = isThere ? accept(slot.listener) : await replace(slot, wanted);
    if (!opened.ok) {
      const kept = await saved.put(name, before.saved);
      if (kept !== null) logger.error("A listener's address could not be set back to what it was.", { name, why: kept.message });
      return opened;
    }
    if (slot.listener !== opened.value) close(slot.listener);
    Object.assign(slot, { address: wanted, listener: opened.value, reason: null } satisfies Partial<Slot>);
    const hasMoved = opened.value !== before.listener;
    if (hasMoved) {
      logger.info("A listener was changed.", { name, before: before.listener?.url ?? "off", now: opened.value?.url ?? "off" });
      options.onChanged();
    }
    const needsLogin = hasMoved && name === "inspector" && opened.value !== null;
    return accept({ ...infoOf(slot), login: needsLogin ? options.createLoginLink() : null });
  };

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = working.then(work);
    working = done.catch(() => undefined);
    return done;
  };

  const infoOf = ({ name, address, listener, reason }: Slot): ListenerInfo => ({
    name,
    state: listener ? "listening" : address ? "failed" : "off",
    reason,
    address: formatAddress(address),
    configured: formatAddress(configured[name]),
    changed: saved.get(name) !== undefined,
    url: listener?.url ?? null,
    hosts: listener && address ? namesOfHost(address.host) : [],
    tls: name === "https" || name === "mqtts",
    connections: listener?.connections() ?? 0,
  });

  return {
    async start() {
      for (const slot of slots) {
        const { name } = slot;
        let opened = await openAt(name, slot.address);
        if (!opened.ok && saved.get(name) !== undefined) {
          slot.reason = opened.refusal.message;
          logger.error(`The ${name} cannot listen where it was told to at run time.`, { why: slot.reason });
          // Without the inspector nobody could mend it.
          if (name !== "inspector") continue;
          slot.address = configured[name];
          opened = await openAt(name, slot.address);
        }
        if (!opened.ok) throw new RefusalError(opened.refusal);
        slot.listener = opened.value;
      }
    },
    list: () => LISTENER_NAMES.map((name) => infoOf(slotOf(name))),
    status: () =>
      LISTENER_NAMES.map(slotOf).flatMap(({ name, listener }) => (listener ? [{ name, url: listener.url, setting: name }] : [])),
    async save(name, text) {
      const address = parseAddress(text);
      if (!address.ok) return address;
      if (name === "inspector" && address.value === null) return NOT_OFF;
      const done = await inTurn(() => change(name, address.value, address.value));
      return done.ok || address.value === null ? done : offerPort(done, address.value);
    },
    reset: (name) => inTurn(() => change(name, configured[name], undefined)),
    async stop() {
      stopping = true;
      await inTurn(() => Promise.resolve());
      for (const { listener } of slots) close(listener);
      await Promise.all(closing);
    },
  };
}

/** With the next port that is free, where the one that was asked for is not. */
async function offerPort(refused: { readonly ok: false; readonly refusal: Refusal }, { host, port }: Address): Promise<typeof refused> {
  const { code, message, details } = refused.refusal;
  const freePort = code === "PORT_BUSY" ? await findFreePort(host, port + 1) : null;
  return freePort === null ? refused : refuse(code, message, { ...details, freePort });
}

function portOf({ url }: OpenListener): number {
  return Number(url.slice(url.lastIndexOf(":") + 1));
}

const STOPPING = refuse("HUB_STOPPING", "The hub is stopping: its listeners stay as they are.");
const NOT_OFF = refuse(
  "LISTEN_REFUSED",
  "The inspector cannot be switched off from within: nobody could switch it on again. Start the hub with --inspector off instead.",
  { listener: "inspector", setting: "inspector" },
);
