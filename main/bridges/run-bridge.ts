import type { IPublishPacket } from "mqtt";
import type { Bridge, BridgeState, BridgeStatus } from "../contract/bridge.ts";
import { ERRORS } from "../contract/errors.ts";
import type { AppendOutcome, GatewayHub, StateStore } from "../hub/ports.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { connectUpstream, type Upstream } from "./connect-upstream.ts";
import { fromUpstream } from "./from-upstream.ts";
import { createToUpstream } from "./to-upstream.ts";

export interface BackOff {
  readonly firstMs: number;
  readonly mostMs: number;
}

export const DEFAULT_BACK_OFF: BackOff = { firstMs: 1000, mostMs: 60_000 };

export interface RunBridgeOptions {
  readonly bridge: Bridge;
  readonly hub: GatewayHub;
  readonly state: StateStore;
  readonly logId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly backOff?: BackOff;
  /** Where the log is to be read on from; null: from now on. */
  readonly cursor: number | null;
}

export interface RunningBridge {
  /** The upstream has been told of everything up to here. */
  readonly cursor: number;
  status(): BridgeStatus;
  stop(): Promise<void>;
}

/** The key of the row that says how far the upstream has been told. */
export function cursorKey(name: string): string {
  return `bridges/cursor/${name}`;
}

/** Keeps one bridge connected, as well as that goes, until it is stopped. */
export function runBridge({
  bridge,
  hub,
  state: rows,
  logId,
  clock,
  logger,
  cursor,
  backOff = DEFAULT_BACK_OFF,
}: RunBridgeOptions): RunningBridge {
  const counts = { received: 0, sent: 0, refused: 0 };
  let state: BridgeState = "connecting";
  let reason: string | null = null;
  let stopping = false;
  let upstream: Upstream | null = null;
  let wake = Promise.withResolvers<void>();
  /** Everything in the log has been looked at. */
  let idle = false;
  let endRest: (() => void) | null = null;

  const nudge = (): void => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  const subscriber = hub.createSubscriber<null>(nudge);
  const unsubscribe = bridge.publish.map(({ filter, localPrefix }) => subscriber.subscribe(localPrefix + filter, null));

  const out = createToUpstream({
    bridge,
    hub,
    logId,
    cursor: cursor ?? hub.lastSeq(),
    // What came between the last read and now has nudged nobody.
    async more() {
      if (out.cursor < hub.lastSeq()) return;
      idle = true;
      await wake.promise;
      idle = false;
    },
    onDone(cursor, sent, refused) {
      counts.sent += sent;
      counts.refused += refused;
      if (refused > 0) logger.warn("The upstream broker refused events of a bridge.", { bridge: bridge.name, refused });
      rows.put(cursorKey(bridge.name), Buffer.from(String(cursor)));
    },
  });
  rows.put(cursorKey(bridge.name), Buffer.from(String(out.cursor)));

  async function take(packet: IPublishPacket): Promise<void> {
    const event = fromUpstream(bridge, packet, logId, clock.now());
    if (event === null) return;
    const outcome = await new Promise<AppendOutcome>((resolve) => hub.ingest(event, resolve));
    if (outcome.ok) counts.received += 1;
    else if (ERRORS[outcome.refusal.code].retryable) throw new Error(outcome.refusal.message);
    else counts.refused += 1;
  }

  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(ms, resolve);
      endRest = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Resolves with why the connection ended. */
  async function connectOnce(): Promise<string> {
    upstream = await connectUpstream(bridge, `signalbox-${logId}-${bridge.name}`, take);
    const current = upstream;
    if (stopping) current.end();
    state = "connected";
    reason = null;
    logger.info("A bridge is connected.", { bridge: bridge.name, url: bridge.url });
    let isUp = true;
    const sending =
      bridge.publish.length === 0
        ? current.ended
        : out
            .run(current.publish, () => isUp && !stopping)
            .catch((error: unknown) => {
              current.end();
              return String(error);
            });
    const why = await current.ended;
    isUp = false;
    nudge();
    await sending;
    return why;
  }

  async function run(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      if (stopping) break;
      state = "connecting";
      try {
        reason = await connectOnce();
        tries = 0;
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
      }
      upstream = null;
      if (stopping) break;
      state = "waiting";
      // Full jitter, so that many hubs do not come back at the same moment.
      const most = Math.min(backOff.mostMs, backOff.firstMs * 2 ** Math.min(tries, 16));
      logger.warn("A bridge has lost its upstream broker and tries again.", { bridge: bridge.name, url: bridge.url, reason });
      await rest(backOff.firstMs / 2 + Math.random() * most);
    }
    state = "stopped";
  }

  const running = run();
  return {
    get cursor() {
      return out.cursor;
    },
    status() {
      const behind = idle || bridge.publish.length === 0 ? 0 : Math.max(0, hub.lastSeq() - out.cursor);
      return { name: bridge.name, url: bridge.url, state, reason, ...counts, behind };
    },
    async stop() {
      stopping = true;
      for (const stop of unsubscribe) if (stop.ok) stop.value();
      upstream?.end();
      endRest?.();
      nudge();
      await running;
    },
  };
}
