import type { ListenAddress } from "../config/config.ts";
import type { Refusal } from "../contract/errors.ts";
import { LISTENER_NAMES, type ListenerName } from "../contract/listener.ts";
import type { StateStore } from "../hub/ports.ts";
import { formatAddress, parseAddress } from "./address.ts";

const PREFIX = "settings/listeners/";

/** Addresses set at run time. They stand instead of those of the settings file, also after a restart. */
export interface SavedAddresses {
  /** Undefined: nothing is set. */
  get(name: ListenerName): ListenAddress | undefined;
  /** Undefined forgets it. Durable when it resolves with null. */
  put(name: ListenerName, address: ListenAddress | undefined): Promise<Refusal | null>;
}

export function openSavedAddresses(state: StateStore): SavedAddresses {
  const saved = new Map<ListenerName, ListenAddress>();
  for (const [key, value] of state.all(PREFIX)) {
    const name = LISTENER_NAMES.find((one) => key === PREFIX + one);
    const address = parseAddress(Buffer.from(value).toString("utf8"));
    if (name && address.ok) saved.set(name, address.value); // written by this file alone
  }

  const write = (name: ListenerName): void => {
    const address = saved.get(name);
    state.put(PREFIX + name, address === undefined ? null : Buffer.from(formatAddress(address) ?? "off"));
  };

  return {
    get: (name) => saved.get(name),
    async put(name, address) {
      const before = saved.get(name);
      const set = (to: ListenAddress | undefined): void => {
        if (to === undefined) saved.delete(name);
        else saved.set(name, to);
        write(name);
      };
      set(address);
      const refusal = await new Promise<Refusal | null>((resolve) => state.flush(resolve));
      if (refusal !== null) set(before);
      return refusal;
    },
  };
}
