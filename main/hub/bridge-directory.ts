import type { BridgeChange, BridgeInfo, BridgeStatus } from "../contract/bridge.ts";
import { refuse, type Result } from "../contract/errors.ts";

/** The bridges to other brokers. */
export interface BridgeDirectory {
  list(): readonly BridgeInfo[];
  status(): readonly BridgeStatus[];
  /** Makes a bridge, or changes the one of that name. Durable when it resolves. Refuses PARAMS_INVALID. */
  save(bridge: BridgeChange): Promise<Result<BridgeInfo>>;
  /** Refuses BRIDGE_NOT_FOUND. */
  remove(name: string): Promise<Result<void>>;
}

export const NO_BRIDGES: BridgeDirectory = {
  list: () => [],
  status: () => [],
  save: async () => refuse("HUB_STOPPING", "Bridges cannot be made while the hub starts or stops. Try again in a moment."),
  remove: async (name) => refuse("BRIDGE_NOT_FOUND", `There is no bridge "${name}".`, { name }),
};
