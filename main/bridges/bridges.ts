import { MAX_BRIDGES, type Bridge, type BridgeChange, type BridgeInfo } from "../contract/bridge.ts";
import { accept, RefusalError, refuse, type Refusal, type Result } from "../contract/errors.ts";
import type { BridgeDirectory } from "../hub/bridge-directory.ts";
import { bridgeFault } from "./bridge-fault.ts";
import { cursorKey, runBridge, type RunBridgeOptions, type RunningBridge } from "./run-bridge.ts";

const SAVED = "bridges/saved/";
const CURSOR = cursorKey("");

export interface Bridges extends BridgeDirectory {
  start(): void;
  stop(): Promise<void>;
}

export interface BridgesOptions extends Omit<RunBridgeOptions, "bridge" | "cursor"> {
  /** From the settings file; one that was saved under the same name stands for it. */
  readonly configured: readonly Bridge[];
}

/** Throws a RefusalError CONFIG_INVALID. All bridges: those of the settings file, and those made by calls, which are kept in the data folder. */
export function createBridges(options: BridgesOptions): Bridges {
  const { state, configured } = options;
  for (const bridge of configured) {
    const fault = bridgeFault(bridge);
    if (fault !== null)
      throw new RefusalError({ code: "CONFIG_INVALID", message: `The bridge "${bridge.name}" in the settings cannot be made: ${fault}.` });
  }
  const saved = new Map<string, Bridge>();
  const cursors = new Map<string, number>();
  const running = new Map<string, RunningBridge>();
  for (const [key, value] of state.all(SAVED)) saved.set(key.slice(SAVED.length), JSON.parse(toText(value)) as Bridge);
  for (const [key, value] of state.all(CURSOR)) cursors.set(key.slice(CURSOR.length), Number(toText(value)));

  const all = (): Map<string, Bridge> => new Map([...configured.map((bridge) => [bridge.name, bridge] as const), ...saved]);

  function run(bridge: Bridge): void {
    running.set(bridge.name, runBridge({ ...options, bridge, cursor: cursors.get(bridge.name) ?? null }));
  }

  async function halt(name: string): Promise<void> {
    const bridge = running.get(name);
    running.delete(name);
    await bridge?.stop();
    if (bridge) cursors.set(name, bridge.cursor);
  }

  function toInfo({ password, ...bridge }: Bridge): BridgeInfo {
    return { ...bridge, hasPassword: password !== null, fromFile: !saved.has(bridge.name) };
  }

  /** Puts the row; takes it back when it cannot be made durable. */
  function write(name: string, bridge: Bridge | null): Promise<Refusal | null> {
    const before = saved.get(name) ?? null;
    const put = (one: Bridge | null): void => state.put(SAVED + name, one === null ? null : Buffer.from(JSON.stringify(one)));
    put(bridge);
    return new Promise((resolve) =>
      state.flush((refusal) => {
        if (refusal !== null) put(before);
        resolve(refusal);
      }),
    );
  }

  return {
    start() {
      for (const bridge of all().values()) run(bridge);
    },
    async stop() {
      await Promise.all([...running.keys()].map(halt));
    },
    list: () => [...all().values()].map(toInfo).sort((a, b) => (a.name < b.name ? -1 : 1)),
    status: () => [...running.values()].map((bridge) => bridge.status()),
    async save(change): Promise<Result<BridgeInfo>> {
      const password = keptPassword(change, all().get(change.name));
      const bridge: Bridge = { ...change, password: password ?? null };
      const fault = password === undefined ? PASSWORD_ELSEWHERE : bridgeFault(bridge);
      if (fault !== null) return refuse("PARAMS_INVALID", `The bridge "${bridge.name}" cannot be made: ${fault}.`, { name: bridge.name });
      if (!all().has(bridge.name) && all().size >= MAX_BRIDGES)
        return refuse("PARAMS_INVALID", `There are ${MAX_BRIDGES} bridges already, as many as allowed. Remove one first.`);
      const refusal = await write(bridge.name, bridge);
      if (refusal !== null) return { ok: false, refusal };
      saved.set(bridge.name, bridge);
      await halt(bridge.name);
      run(bridge);
      return accept(toInfo(bridge));
    },
    async remove(name) {
      if (!saved.has(name))
        return refuse("BRIDGE_NOT_FOUND", `There is no bridge "${name}" that was made here; one from the settings file is removed there.`, {
          name,
        });
      const refusal = await write(name, null);
      if (refusal !== null) return { ok: false, refusal };
      saved.delete(name);
      await halt(name);
      const fromFile = configured.find((bridge) => bridge.name === name);
      if (fromFile) run(fromFile);
      else {
        cursors.delete(name);
        state.put(cursorKey(name), null);
      }
      return accept(undefined);
    },
  };
}

const PASSWORD_ELSEWHERE = "its password was given for another address or user name; give it again, or null for none";

/** The password that is meant; undefined when the one that is kept would go to somebody it was not given for. */
function keptPassword({ password, url, username }: BridgeChange, before: Bridge | undefined): string | null | undefined {
  if (password !== undefined || !before || before.password === null) return password ?? null;
  return before.url === url && before.username === username ? before.password : undefined;
}

function toText(value: Uint8Array): string {
  return Buffer.from(value).toString("utf8");
}
