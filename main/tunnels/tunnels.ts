import { accept, refuse, RefusalError, type Refusal, type Result } from "../contract/errors.ts";
import { MAX_PUBLIC_SOURCES, MAX_TUNNELS, type Tunnel, type TunnelChange, type TunnelInfo } from "../contract/tunnel.ts";
import { TUNNEL_PROVIDERS } from "../contract/tunnel-provider.ts";
import type { StateStore } from "../hub/ports.ts";
import type { TunnelDirectory } from "../hub/tunnel-directory.ts";
import { DEFAULT_BACK_OFF, type BackOff } from "./back-off.ts";
import { PROVIDERS, type TunnelProviders } from "./providers.ts";
import { OFF, runTunnel, type RunningTunnel, type RunTunnelOptions } from "./run-tunnel.ts";
import { toChoiceInfo, tunnelFault, withKeptSecrets } from "./tunnel-settings.ts";
import { DEFAULT_HEALTH_TIMING, type HealthTiming } from "./watch-health.ts";

const SAVED = "tunnels/saved/";
/** Whether it is wanted open; one of the settings file is, unless it was closed here. */
const WANTED = "tunnels/wanted/";

export interface Tunnels extends TunnelDirectory {
  /** Opens those that are wanted open. */
  start(): void;
  stop(): Promise<void>;
}

export interface TunnelsOptions extends Pick<RunTunnelOptions, "openListener" | "dataFolder" | "clock" | "logger"> {
  readonly state: StateStore;
  /** From the settings file; one that was saved under the same name stands for it. */
  readonly configured: readonly Tunnel[];
  /** Names of the sources that may be reached through a tunnel. */
  readonly publicSources: () => readonly string[];
  readonly providers?: TunnelProviders;
  readonly env?: RunTunnelOptions["env"];
  readonly backOff?: BackOff;
  readonly healthTiming?: HealthTiming;
}

/** Throws a RefusalError CONFIG_INVALID. All tunnels: those of the settings file, and those made by calls, which are kept in the data folder. */
export function createTunnels(options: TunnelsOptions): Tunnels {
  const { state, configured, publicSources, providers = PROVIDERS } = options;
  const { env = process.env, backOff = DEFAULT_BACK_OFF, healthTiming = DEFAULT_HEALTH_TIMING } = options;
  for (const tunnel of configured) {
    const fault = tunnelFault(tunnel);
    if (fault !== null)
      throw new RefusalError({ code: "CONFIG_INVALID", message: `The tunnel "${tunnel.name}" in the settings cannot be made: ${fault}.` });
  }
  const saved = new Map<string, Tunnel>();
  const wanted = new Map(configured.map(({ name }) => [name, true]));
  for (const [key, value] of state.all(SAVED)) saved.set(key.slice(SAVED.length), JSON.parse(toText(value)) as Tunnel);
  for (const [key, value] of state.all(WANTED)) wanted.set(key.slice(WANTED.length), toText(value) === "yes");
  const running = new Map<string, RunningTunnel>();
  const listeners = new Set<() => void>();
  const onChange = (): void => listeners.forEach((listener) => listener());

  const all = (): Map<string, Tunnel> => new Map([...configured.map((tunnel) => [tunnel.name, tunnel] as const), ...saved]);

  const toInfo = (tunnel: Tunnel): TunnelInfo => {
    const one = running.get(tunnel.name);
    const status = one?.status() ?? OFF;
    return {
      ...tunnel,
      ...status,
      providers: tunnel.providers.map(toChoiceInfo),
      fromFile: !saved.has(tunnel.name),
      wanted: wanted.get(tunnel.name) ?? false,
      sources: status.publicUrl === null ? [] : urlsOf(status.publicUrl, one?.onlySource() ?? null),
    };
  };

  const urlsOf = (publicUrl: string, onlySource: string | null): TunnelInfo["sources"] => {
    const names = publicSources().filter((source) => onlySource === null || source === onlySource);
    return names.slice(0, MAX_PUBLIC_SOURCES).map((source) => ({ source, url: toSourceUrl(publicUrl, onlySource, source) }));
  };

  /** What a provider found out stays, so that the public URL does. */
  const remember = (name: string, index: number, setting: string, value: string): void => {
    const tunnel = saved.get(name);
    if (!tunnel) return;
    const list = tunnel.providers.map((choice, at) =>
      at === index ? { ...choice, settings: { ...choice.settings, [setting]: value } } : choice,
    );
    const changed = { ...tunnel, providers: list };
    saved.set(name, changed);
    state.put(SAVED + name, toBytes(JSON.stringify(changed)));
  };

  const run = (tunnel: Tunnel): void => {
    const onRemember = (index: number, setting: string, value: string): void => remember(tunnel.name, index, setting, value);
    running.set(tunnel.name, runTunnel({ ...options, tunnel, providers, env, backOff, healthTiming, onChange, onRemember }));
  };

  const halt = async (name: string): Promise<void> => {
    const one = running.get(name);
    await one?.stop();
    if (running.get(name) === one) running.delete(name);
    onChange();
  };

  /** Puts rows; `undo` runs when they cannot be made durable. */
  const write = (rows: Readonly<Record<string, string | null>>, undo: () => void): Promise<Refusal | null> => {
    for (const [key, value] of Object.entries(rows)) state.put(key, value === null ? null : toBytes(value));
    return new Promise((resolve) =>
      state.flush((refusal) => {
        if (refusal !== null) undo();
        resolve(refusal);
      }),
    );
  };

  const want = (name: string, isWanted: boolean): Promise<Refusal | null> => {
    const before = wanted.get(name);
    wanted.set(name, isWanted);
    return write({ [WANTED + name]: isWanted ? "yes" : "no" }, () => {
      if (before === undefined) wanted.delete(name);
      else wanted.set(name, before);
    });
  };

  /** One change after the other: each of them may close what another opens. */
  let working: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = working.then(work);
    working = done.catch(() => undefined);
    return done;
  };

  const save = async (change: TunnelChange): Promise<Result<TunnelInfo>> => {
    const { name } = change;
    const before = all().get(name);
    const tunnel: Tunnel = {
      name,
      providers: change.providers.map((choice) => withKeptSecrets(choice, before?.providers ?? [])),
      ways: change.ways ?? before?.ways ?? [],
      localPort: change.localPort ?? before?.localPort ?? 0,
      selfTest: change.selfTest ?? before?.selfTest ?? true,
    };
    const fault = tunnelFault(tunnel);
    if (fault !== null) return refuse("PARAMS_INVALID", `The tunnel "${name}" cannot be made: ${fault}.`, { name });
    if (!before && all().size >= MAX_TUNNELS)
      return refuse("PARAMS_INVALID", `There are ${MAX_TUNNELS} tunnels already, as many as allowed. Remove one first.`);
    const old = saved.get(name);
    const refusal = await write({ [SAVED + name]: JSON.stringify(tunnel) }, () =>
      state.put(SAVED + name, old ? toBytes(JSON.stringify(old)) : null),
    );
    if (refusal !== null) return { ok: false, refusal };
    saved.set(name, tunnel);
    await halt(name);
    if (wanted.get(name)) run(tunnel);
    onChange();
    return accept(toInfo(tunnel));
  };

  const remove = async (name: string): Promise<Result<void>> => {
    const old = saved.get(name);
    if (!old) {
      const message = `There is no tunnel "${name}" that was made here; one from the settings file is removed there.`;
      return refuse("TUNNEL_NOT_FOUND", message, { name });
    }
    const refusal = await write({ [SAVED + name]: null, [WANTED + name]: null }, () =>
      state.put(SAVED + name, toBytes(JSON.stringify(old))),
    );
    if (refusal !== null) return { ok: false, refusal };
    saved.delete(name);
    await halt(name);
    const fromFile = configured.find((tunnel) => tunnel.name === name);
    if (fromFile) wanted.set(name, true);
    else wanted.delete(name);
    if (fromFile) run(fromFile);
    onChange();
    return accept(undefined);
  };

  const open = async (name: string): Promise<Result<TunnelInfo>> => {
    const tunnel = all().get(name);
    if (!tunnel) return notFound(name);
    const refusal = await want(name, true);
    if (refusal !== null) return { ok: false, refusal };
    const one = running.get(name);
    if (one) one.retryNow();
    else run(tunnel);
    return accept(toInfo(tunnel));
  };

  const close = async (name: string): Promise<Result<TunnelInfo>> => {
    const tunnel = all().get(name);
    if (!tunnel) return notFound(name);
    const refusal = await want(name, false);
    if (refusal !== null) return { ok: false, refusal };
    await halt(name);
    return accept(toInfo(tunnel));
  };

  const infos = (): TunnelInfo[] => [...all().values()].map(toInfo).sort((a, b) => (a.name < b.name ? -1 : 1));

  return {
    start() {
      for (const tunnel of all().values()) if (wanted.get(tunnel.name)) run(tunnel);
    },
    async stop() {
      await working;
      await Promise.all([...running.keys()].map(halt));
    },
    infos,
    async list() {
      const reasons = await Promise.all(
        TUNNEL_PROVIDERS.map(async (provider) => ({ provider, reason: (await providers[provider].unavailable?.()) ?? null })),
      );
      const unavailable = reasons.flatMap(({ provider, reason }) => (reason === null ? [] : [{ provider, reason }]));
      return { tunnels: infos(), unavailable };
    },
    save: (change) => inTurn(() => save(change)),
    remove: (name) => inTurn(() => remove(name)),
    open: (name) => inTurn(() => open(name)),
    close: (name) => inTurn(() => close(name)),
    async test(name) {
      if (!all().has(name)) return notFound(name);
      const health = await running.get(name)?.test();
      if (health) return accept(health);
      return refuse("TUNNEL_NOT_OPEN", `The tunnel "${name}" is not open, so there is no public URL to try. Open it first.`, { name });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publicUrls(source) {
      return [...running.entries()]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([, one]) => {
          const { publicUrl } = one.status();
          const onlySource = one.onlySource();
          return publicUrl === null || (onlySource !== null && onlySource !== source) ? [] : [toSourceUrl(publicUrl, onlySource, source)];
        });
    },
  };
}

/** Where a provider of webhooks sends to. */
function toSourceUrl(publicUrl: string, onlySource: string | null, source: string): string {
  return onlySource === null ? `${publicUrl}/in/${source}` : publicUrl;
}

function notFound(name: string): { ok: false; refusal: Refusal } {
  return refuse("TUNNEL_NOT_FOUND", `There is no tunnel "${name}".`, { name });
}

function toText(value: Uint8Array): string {
  return Buffer.from(value).toString("utf8");
}

function toBytes(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}
