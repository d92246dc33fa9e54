import type { StreamResult, Tunnel, TunnelHealth, TunnelInfo } from "../contract/tunnel.ts";
import { TUNNEL_PROVIDER_TEXTS, withPresets } from "../contract/tunnel-provider.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { askProvider } from "./ask-provider.ts";
import { backOffMs, type BackOff } from "./back-off.ts";
import { createSide, type OpenSide } from "./create-side.ts";
import type { OpenTunnelListener, TunnelListener } from "./listener.ts";
import type { TunnelProviders } from "./providers.ts";
import { createSelfTest } from "./self-test.ts";
import type { OpenTunnel, TunnelFault } from "./tunnel.ts";
import { watchHealth, type HealthTiming } from "./watch-health.ts";

export type TunnelStatus = Omit<TunnelInfo, keyof Tunnel | "fromFile" | "wanted" | "sources">;

export const OFF: TunnelStatus = {
  state: "off",
  provider: null,
  publicUrl: null,
  localUrl: null,
  reason: null,
  note: null,
  openedAt: null,
  retryAt: null,
  reconnects: 0,
  requests: 0,
  turnedAway: 0,
  health: null,
};

export interface RunTunnelOptions {
  readonly tunnel: Tunnel;
  readonly providers: TunnelProviders;
  readonly openListener: OpenTunnelListener;
  readonly dataFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly backOff: BackOff;
  readonly healthTiming: HealthTiming;
  readonly onChange: () => void;
  /** A setting of the provider at this place in the list, to be kept. */
  readonly onRemember: (index: number, setting: string, value: string) => void;
}

export interface RunningTunnel {
  status(): TunnelStatus;
  /** The source that everything on it is for; null where sources stand below its URL. */
  onlySource(): string | null;
  /** Waits no longer before it tries again. */
  retryNow(): void;
  /** Null while it has no public URL. */
  test(): Promise<TunnelHealth | null>;
  stop(): Promise<void>;
}

/** A connection that stood so long was a good one: its loss begins a new row of tries. */
const STABLE_MS = 30_000;
const OWN_TEST_WITHIN_MS = 20_000;

/** Keeps one tunnel open, as well as that goes, until it is stopped. */
export function runTunnel(options: RunTunnelOptions): RunningTunnel {
  const { tunnel, providers, clock, backOff, onChange, onRemember } = options;
  const logger = options.logger.child({ tunnel: tunnel.name });
  const settings = tunnel.providers.map((choice) => withPresets(choice.provider, choice.settings));
  const selfTest = createSelfTest(clock);
  const stopping = new AbortController();
  const { signal } = stopping;
  let status: TunnelStatus = { ...OFF, state: "opening" };
  let open: (OpenTunnel & OpenSide) | null = null;
  /** The same, or the last one: a request may be finished when its tunnel is gone. */
  let known: OpenSide | null = null;
  let hasOpened = false;
  /** Asked before the others: where it was open last, its URL may stay the same. */
  let first = 0;
  let endRest: (() => void) | null = null;

  const side = createSide({ peerName: `tunnel:${tunnel.name}`, ways: tunnel.ways, selfTest, known: () => known });

  const set = (change: Partial<TunnelStatus>): void => {
    status = { ...status, ...change };
    onChange();
  };
  const setHealth = (health: TunnelHealth): void => {
    set(health.ok ? { health, state: "open" } : { health, state: "failing", reason: health.reason });
  };

  const ask = async (index: number, { url }: TunnelListener): Promise<void> => {
    const { provider: id } = tunnel.providers[index]!;
    set({ state: "opening", provider: id, retryAt: null, note: TUNNEL_PROVIDER_TEXTS[id].note });
    const opened = await askProvider(providers[id], settings[index]!, {
      localPort: Number(new URL(url).port),
      dataFolder: options.dataFolder,
      env: options.env,
      clock,
      logger,
      stopping: signal,
      noteSender: side.noteSender,
      remember(setting, value) {
        settings[index] = { ...settings[index], [setting]: value };
        onRemember(index, setting, value);
      },
    });
    open = { ...opened, isGiven: settings[index]!["url"] !== undefined, senderHeader: providers[id].senderHeader };
    known = open;
  };

  /** Asks the providers in order until one opens. Answers its place; otherwise whether all of them want a person to do something. */
  const askInOrder = async (listener: TunnelListener): Promise<{ readonly index: number } | { readonly needsPerson: boolean }> => {
    const reasons: string[] = [];
    let needsPerson = true;
    for (const index of [first, ...tunnel.providers.keys().filter((one) => one !== first)]) {
      if (signal.aborted) break;
      try {
        await ask(index, listener);
        return { index };
      } catch (error) {
        const fault = error as TunnelFault; // askProvider throws nothing else
        if (signal.aborted) break;
        needsPerson &&= fault.needsPerson;
        const { title } = TUNNEL_PROVIDER_TEXTS[tunnel.providers[index]!.provider];
        reasons.push(tunnel.providers.length === 1 ? fault.message : `${title}: ${fault.message}`);
        set({ reason: reasons.join(" ") });
        logger.warn("A tunnel could not be opened.", { reason: fault.message });
      }
    }
    first = 0;
    return { needsPerson };
  };

  const test = ({ publicUrl, isForeignWord, test: own }: OpenTunnel, stream: StreamResult | null): Promise<TunnelHealth> =>
    own
      ? own(AbortSignal.any([signal, AbortSignal.timeout(OWN_TEST_WITHIN_MS)]))
      : selfTest.run({ publicUrl, publicOnly: isForeignWord, stream, signal });

  /** Resolves when the tunnel is gone; with how long it stood, in ms. */
  const hold = async (current: OpenTunnel, index: number, listener: TunnelListener): Promise<number> => {
    const since = clock.monotonic();
    const reconnects = status.reconnects + (hasOpened ? 1 : 0);
    hasOpened = true;
    set({ state: "open", publicUrl: current.publicUrl, openedAt: clock.now(), health: null, reconnects });
    logger.info("A tunnel is open.", { publicUrl: current.publicUrl });
    const gaveUp = Promise.withResolvers<string>();
    const stopWatching = tunnel.selfTest
      ? watchHealth({
          test: () => test(current, status.health?.ok ? status.health.stream : null),
          clock,
          timing: options.healthTiming,
          hasStandIn: tunnel.providers.length > 1,
          onHealth: setHealth,
          onGiveUp: gaveUp.resolve,
        })
      : () => undefined;
    first = index;
    const isBad = gaveUp.promise.then((why) => {
      first = (index + 1) % tunnel.providers.length;
      return why;
    });
    const why = await Promise.race([current.ended, isBad, whenAborted(signal)]);
    stopWatching();
    open = null;
    set({ publicUrl: null, openedAt: null, health: null, ...(why === null ? {} : { reason: why }) });
    // Who is being answered gets the answer, as long as there is a way for it.
    if (why === null) await listener.close();
    await current.close();
    if (why !== null) logger.warn("A tunnel is lost.", { reason: why });
    return clock.monotonic() - since;
  };

  const rest = (ms: number): Promise<void> => {
    set({ state: "retrying", retryAt: clock.now() + ms });
    return new Promise((resolve) => {
      const cancel = clock.after(ms, resolve);
      endRest = () => {
        cancel();
        resolve();
      };
    });
  };

  /** One row of tries and what came of it; answers how long to wait before the next. */
  const attempt = async (listener: TunnelListener, round: number): Promise<{ readonly round: number; readonly waitMs: number }> => {
    const asked = await askInOrder(listener);
    if (open !== null && "index" in asked) {
      const next = (await hold(open, asked.index, listener)) >= STABLE_MS ? 0 : round + 1;
      return { round: next, waitMs: backOffMs(backOff, next, Math.random()) };
    }
    const needsPerson = "needsPerson" in asked && asked.needsPerson;
    const waitMs = needsPerson ? backOff.personMs * (0.5 + Math.random() / 2) : backOffMs(backOff, round, Math.random());
    return { round: round + 1, waitMs };
  };

  const run = async (): Promise<void> => {
    let listener: TunnelListener | null = null;
    let round = 0;
    while (!signal.aborted) {
      let waitMs = backOff.mostMs;
      try {
        listener ??= closingOnce(await options.openListener(side, tunnel.localPort));
        set({ localUrl: listener.url });
        ({ round, waitMs } = await attempt(listener, round));
      } catch (error) {
        set({ reason: (error as Error).message });
        logger.error("A tunnel's own listener could not be opened.", { error });
      }
      if (!signal.aborted) await rest(waitMs);
    }
    await listener?.close();
  };

  const running = run();
  return {
    status: () => ({ ...status, ...side.counts }),
    onlySource: () => open?.onlySource ?? null,
    retryNow: () => endRest?.(),
    async test() {
      const current = open;
      if (current === null) return null;
      const health = await test(current, null);
      if (open === current) setHealth(health);
      return health;
    },
    async stop() {
      stopping.abort();
      endRest?.();
      await running;
    },
  };
}

function closingOnce(listener: TunnelListener): TunnelListener {
  let closed: Promise<void> | null = null;
  return { url: listener.url, close: () => (closed ??= listener.close()) };
}

function whenAborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener("abort", () => resolve(null), { once: true });
  });
}
