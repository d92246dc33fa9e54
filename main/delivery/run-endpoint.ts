import type { EndpointHealth as HealthInfo } from "../contract/endpoint.ts";
import type { DeliveryStore, DeliveryWrite, GatewayHub, HubEvent, UnfinishedDelivery } from "../hub/ports.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import type { Endpoint } from "./endpoint.ts";
import { openLogCursor } from "./log-cursor.ts";
import { nextDelayMs } from "./retry-policy.ts";
import type { SendOutcome } from "./sender.ts";
import { createTarget, type Target } from "./target.ts";
import type { TargetGuard } from "./target-guard.ts";
import { createWaitingDeliveries, type OwedDelivery } from "./waiting-deliveries.ts";
import { createWriteQueue } from "./write-queue.ts";

/** So many deliveries wait for another attempt at most; what comes then waits in the log. */
const MAX_WAITING = 10_000;
/** The numbers of a delivery's attempts end somewhere, should the hub be killed in each of them. */
const MAX_ATTEMPTS = 1000;
/** How long the log is left alone when it cannot be read. */
const READ_AGAIN_MS = 1000;
/** What requests under way are given to end when the hub stops. */
const STOP_WITHIN_MS = 2000;

export interface RunEndpointOptions {
  readonly endpoint: Endpoint;
  readonly cursor: number;
  /** What is left from before, by id. */
  readonly unfinished: readonly UnfinishedDelivery[];
  readonly hub: GatewayHub;
  readonly store: Pick<DeliveryStore, "write">;
  readonly guard: TargetGuard;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly userAgent: string;
  /** An id no delivery has had. */
  readonly nextId: () => number;
  /** The target has answered that it is gone. */
  readonly onGone: (message: string) => void;
}

export interface RunningEndpoint {
  readonly cursor: number;
  health(): HealthInfo;
  /** With other settings, from here on; `from` moves the cursor. */
  update(endpoint: Endpoint, from?: number): void;
  /** Owes these as well, at once. False when it cannot be made durable. */
  redeliver(deliveries: readonly { readonly id: number; readonly seq: number; readonly redeliveryOf: number }[]): Promise<boolean>;
  /** One attempt that is no delivery of anything. */
  tryOut(event: Parameters<Target["send"]>[0]): Promise<SendOutcome>;
  stop(): Promise<void>;
}

/** What is sent next, with the event where it is at hand. */
interface Turn {
  readonly delivery: OwedDelivery;
  /** Null when it is no longer in the log. */
  readonly event: HubEvent | null;
}

/** Sends one endpoint what it is owed, as fast as it takes it. Endpoints share nothing, so that none slows another. */
export function runEndpoint(options: RunEndpointOptions): RunningEndpoint {
  const { hub, clock, logger, random, nextId } = options;
  let { endpoint } = options;
  let target = createTarget(options, endpoint);
  const writes = createWriteQueue(options);
  const waiting = createWaitingDeliveries();
  const underWay = new Set<Promise<void>>();
  const counts = { succeeded: 0, failed: 0, lastSuccessAt: null as number | null, lastFailure: null as HealthInfo["lastFailure"] };
  let stopping = false;
  let wake = Promise.withResolvers<void>();
  let readAgainAt = 0;
  const nudge = (): void => wake.resolve();
  const log = openLogCursor(hub, endpoint.filters, options.cursor, nudge);
  let cursor = log.taken;

  restore(options.unfinished);

  /** What was under way when the hub ended is tried again at once; the time others still have to wait does not count on the wall clock alone. */
  function restore(unfinished: readonly UnfinishedDelivery[]): void {
    const ends: DeliveryWrite[] = [];
    for (const { id, seq, lane, attempts, failures, state, changedAt, delayMs } of unfinished) {
      const delivery: OwedDelivery = { id, seq, lane, attempts, failures };
      const passedMs = Math.min(Math.max(0, clock.now() - changedAt), delayMs);
      if (state === "waiting") waiting.add(delivery, clock.monotonic() + delayMs - passedMs);
      else {
        const isLast = attempts >= MAX_ATTEMPTS;
        ends.push({
          t: "end",
          id,
          attempt: attempts,
          at: clock.now(),
          state: isLast ? "dead" : "waiting",
          failures,
          delayMs: 0,
          outcome: INTERRUPTED,
        });
        if (!isLast) waiting.add(delivery, clock.monotonic());
      }
    }
    if (ends.length > 0) void writes.put(ends);
  }

  /** Takes what may be sent now, and what the log owes besides into `waiting`. */
  function gather(changes: DeliveryWrite[]): (Omit<Turn, "event"> & { readonly event: HubEvent | undefined })[] {
    const turns: ReturnType<typeof gather> = [];
    const room = target.health.room();
    const events = new Map<number, HubEvent>();
    while (turns.length < room) {
      const next = waiting.take(clock.monotonic());
      if (next !== null) {
        turns.push({ delivery: next, event: events.get(next.id) });
        continue;
      }
      const event = waiting.size < MAX_WAITING ? log.take() : null;
      if (event === null) break;
      const delivery = {
        id: nextId(),
        seq: event.seq,
        lane: endpoint.ordered ? (event.source ?? event.topic) : null,
        attempts: 0,
        failures: 0,
      };
      changes.push({ t: "add", delivery: { ...delivery, endpointId: endpoint.id, createdAt: clock.now(), redeliveryOf: null } });
      events.set(delivery.id, event);
      waiting.add(delivery, clock.monotonic());
    }
    return turns;
  }

  /** One round: what may go now is on record first, and sent then. False when there was nothing to do. */
  async function round(): Promise<boolean> {
    if (!endpoint.enabled || target.health.room() === 0) return false;
    if (log.hasMore && waiting.size < MAX_WAITING && clock.monotonic() >= readAgainAt) await readOn();
    if (stopping) return false;
    const changes: DeliveryWrite[] = [];
    const gathered = gather(changes);
    if (gathered.length === 0 && changes.length === 0) return false;
    const turns = (await Promise.all(gathered.map(toTurn))).filter((turn) => turn !== null);
    const current = target;
    for (const { delivery } of turns) {
      delivery.attempts += 1;
      current.health.onBegin();
      changes.push({ t: "begin", id: delivery.id, attempt: delivery.attempts, at: clock.now() });
    }
    cursor = log.taken;
    changes.push({ t: "cursor", endpointId: endpoint.id, cursor });
    if (!(await writes.put(changes))) return false;
    for (const turn of turns) {
      const attempt = attemptOnce(turn, current).finally(() => {
        underWay.delete(attempt);
        nudge();
      });
      underWay.add(attempt);
    }
    return true;
  }

  async function readOn(): Promise<void> {
    try {
      await log.fill();
    } catch (error) {
      readAgainAt = clock.monotonic() + READ_AGAIN_MS;
      logger.warn("The log could not be read for an endpoint; it is read again.", { endpoint: endpoint.name, error });
    }
  }

  /** With its event; null when that cannot be read, and is tried again later. */
  async function toTurn({
    delivery,
    event,
  }: {
    readonly delivery: OwedDelivery;
    readonly event: HubEvent | undefined;
  }): Promise<Turn | null> {
    if (event !== undefined) return { delivery, event };
    const { seq } = delivery;
    const slice = await hub.read({ after: seq - 1, filters: null, maxEvents: 1, maxBytes: 1 });
    if (slice.ok) return { delivery, event: slice.value.events.find((one) => one.seq === seq) ?? null };
    logger.warn("The event of a delivery could not be read; it is tried again.", {
      endpoint: endpoint.name,
      reason: slice.refusal.message,
    });
    waiting.add(delivery, clock.monotonic() + READ_AGAIN_MS);
    return null;
  }

  async function attemptOnce({ delivery, event }: Turn, current: Target): Promise<void> {
    const outcome = event === null ? EVENT_REMOVED : await current.send(event, delivery.attempts).catch(toFailed);
    // Ended by us and not by the target: it stays on record as under way.
    if (stopping && outcome.cause === "connection-lost") return;
    settle(delivery, outcome, current);
  }

  /** A bug must not end the hub, nor be tried for ever. */
  function toFailed(error: unknown): SendOutcome {
    logger.error("A delivery failed by an error of the hub.", { endpoint: endpoint.name, error });
    return { ...EVENT_REMOVED, cause: "connection-lost", message: "The request could not be made; the hub's own log says why." };
  }

  function settle(delivery: OwedDelivery, outcome: SendOutcome, current: Target): void {
    const { id, attempts: attempt } = delivery;
    const at = clock.now();
    const end = { t: "end", id, attempt, at, outcome } as const;
    if (outcome.cause === null) {
      current.health.onSuccess();
      counts.succeeded += 1;
      counts.lastSuccessAt = at;
      waiting.release(delivery);
      void writes.put([{ ...end, state: "succeeded", failures: delivery.failures, delayMs: 0 }]);
      return;
    }
    if (outcome.cause === "event-removed") current.health.onCancel();
    else current.health.onFailure(outcome.throttled, outcome.retryAfterMs);
    counts.failed += 1;
    counts.lastFailure = { at, message: outcome.message ?? "" };
    delivery.failures += 1;
    const isFinal = outcome.cause === "gone" || outcome.cause === "event-removed" || attempt >= MAX_ATTEMPTS;
    const delayMs = isFinal ? null : nextDelayMs(delivery.failures, outcome.retryAfterMs, random());
    if (delayMs === null) waiting.release(delivery);
    else waiting.add(delivery, clock.monotonic() + delayMs);
    void writes.put([{ ...end, state: delayMs === null ? "dead" : "waiting", failures: delivery.failures, delayMs: delayMs ?? 0 }]);
    if (outcome.cause === "gone") options.onGone(outcome.message ?? "");
  }

  /** Until there may be something to do. */
  async function rest(): Promise<void> {
    const now = clock.monotonic();
    const dueAt = waiting.nextDueAt();
    const waits: number[] = [];
    if (endpoint.enabled) {
      const closedFor = target.health.waitMs();
      if (closedFor !== null) waits.push(closedFor);
      else if (target.health.room() > 0) {
        if (dueAt !== null) waits.push(dueAt - now);
        if (log.hasMore && waiting.size < MAX_WAITING) waits.push(readAgainAt - now);
      }
    }
    const cancel = waits.length === 0 ? null : clock.after(Math.max(1, Math.ceil(Math.min(...waits))), nudge);
    await wake.promise;
    cancel?.();
  }

  async function run(): Promise<void> {
    for (;;) {
      if (stopping) return;
      wake = Promise.withResolvers();
      try {
        if (!(await round()) && !stopping) await rest();
      } catch (error) {
        logger.error("Deliveries to an endpoint go on after an error.", { endpoint: endpoint.name, error });
        readAgainAt = clock.monotonic() + READ_AGAIN_MS;
        await new Promise<void>((resolve) => clock.after(READ_AGAIN_MS, resolve));
      }
    }
  }

  const running = run();
  return {
    get cursor() {
      return cursor;
    },
    health() {
      const { circuit, inFlight } = target.health;
      const waitMs = target.health.waitMs();
      const pausedUntil = waitMs === null || waitMs < 1 ? null : Math.round(clock.now() + waitMs);
      return { circuit, pausedUntil, inFlight, waiting: waiting.size, behind: log.behind, ...counts };
    },
    update(next, from) {
      const before = target;
      endpoint = next;
      target = createTarget(options, next);
      before.retire();
      log.follow(next.filters, from);
      nudge();
    },
    async redeliver(again) {
      const createdAt = clock.now();
      const adds = again.map(({ id, seq, redeliveryOf }): DeliveryWrite => {
        return { t: "add", delivery: { id, seq, redeliveryOf, endpointId: endpoint.id, createdAt, lane: null, attempts: 0, failures: 0 } };
      });
      if (!(await writes.put(adds))) return false;
      target.health.tryNow();
      for (const { id, seq } of again) waiting.add({ id, seq, lane: null, attempts: 0, failures: 0 }, clock.monotonic());
      nudge();
      return true;
    },
    tryOut: (event) => target.send(event, 1),
    async stop() {
      stopping = true;
      log.close();
      nudge();
      const patience = Promise.withResolvers<void>();
      const cancel = clock.after(STOP_WITHIN_MS, patience.resolve);
      await Promise.race([Promise.all(underWay), patience.promise]);
      cancel();
      target.close();
      void writes.close(); // What cannot be written now is not waited for.
      await Promise.all([running, ...underWay]);
      void writes.put([{ t: "cursor", endpointId: endpoint.id, cursor: log.taken }]);
      await writes.close();
    },
  };
}

const NOTHING_HEARD = { status: null, headers: [], body: new Uint8Array(), truncated: false } as const;
const INTERRUPTED = {
  ...NOTHING_HEARD,
  tookMs: null,
  cause: "interrupted",
  message: "The hub stopped while it was under way; whether it arrived is not known.",
} as const;
const EVENT_REMOVED: SendOutcome = {
  ...NOTHING_HEARD,
  tookMs: 0,
  cause: "event-removed",
  message: "Nothing was sent: the event is no longer in the log.",
  retryAfterMs: null,
  throttled: false,
};
