import { ERRORS, type Refusal } from "../../contract/errors.ts";
import type { GatewayHub } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import { toNewEvent } from "./inbound.ts";
import type { SessionRows, WillRow } from "./session-rows.ts";
import type { Will } from "./wire/parse-connect.ts";

/**
 * What peers have left to be published when they go without a goodbye (MQTT 5 §3.1.2.5), kept over a restart of the hub.
 * A client identifier has one at a time: that of its connection, or one that waits for its delay.
 */
export interface Wills {
  /** Is there room for it? What all wills take is bounded. */
  hasRoomFor(will: Will): boolean;
  /**
   * A connection is open: its will is kept. That of the connection before it is sent or forgotten: a delay is for peers that
   * come back to their session [MQTT-3.1.3-9]. Durable with the next flush of the rows.
   */
  open(clientId: string, will: Will | null, sessionGoesOn: boolean): OpenWill | null;
  /** The session has ended before the delay has: its will is sent now. */
  sessionEnded(clientId: string): void;
  /** What waits for its delay. */
  pendingOf(clientId: string): Will | null;
  /** Sends those whose delay is over; to be called now and then. */
  tick(): void;
  /** Those of an earlier run: of peers that were connected when it ended, and of those whose delay was not over. `expiryOf`: how long the session is kept; 0 when it is not. */
  restore(expiryOf: (clientId: string) => number): void;
}

/** The will of a connection that is open. */
export interface OpenWill {
  /** The connection is gone. `normally`: the peer has said that its will is not wanted [MQTT-3.1.2-8]. */
  close(normally: boolean, sessionExpirySeconds: number): void;
}

export interface WillsOptions {
  readonly hub: Pick<GatewayHub, "ingest">;
  readonly rows: Pick<SessionRows, "saveWill" | "dropWill" | "wills">;
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly maxBytes: number;
  readonly onRefused: (clientId: string, topic: string, refusal: Refusal) => void;
}

interface Kept {
  readonly clientId: string;
  readonly will: Will;
  /** Monotonic ms; null while the connection is open. */
  dueAt: number | null;
}

const OVERHEAD_BYTES = 512;
/** Before a will that could not be stored is tried again. */
const RETRY_MS = 5000;

export function createWills({ hub, rows, clock, maxBytes, onRefused }: WillsOptions): Wills {
  const kept = new Map<string, Kept>();
  const waiting = new Set<Kept>();
  let bytes = 0;

  function keep(one: Kept): void {
    kept.set(one.clientId, one);
    bytes += weigh(one.will);
  }

  function wait(one: Kept, ms: number): void {
    one.dueAt = clock.monotonic() + ms;
    waiting.add(one);
    rows.saveWill(one.clientId, toRow(one.will, clock.now() + ms));
  }

  /** Its row goes with the commit of the event, or with the next one. */
  function forget(one: Kept): void {
    waiting.delete(one);
    kept.delete(one.clientId);
    bytes -= weigh(one.will);
    rows.dropWill(one.clientId);
  }

  function send(one: Kept): void {
    const { clientId, will } = one;
    hub.ingest(toNewEvent(will, clock.now()), (outcome) => {
      if (outcome.ok) return;
      onRefused(clientId, will.topic, outcome.refusal);
      if (!ERRORS[outcome.refusal.code].retryable || kept.has(clientId)) return;
      keep(one);
      wait(one, RETRY_MS);
    });
    forget(one);
  }

  return {
    hasRoomFor: (will) => bytes + weigh(will) <= maxBytes,
    open(clientId, will, sessionGoesOn) {
      const before = kept.get(clientId);
      if (before !== undefined) {
        const isDelayed = before.dueAt !== null || delayOf(before.will) > 0;
        if (sessionGoesOn && isDelayed) forget(before);
        else send(before);
      }
      if (will === null) return null;
      const one: Kept = { clientId, will, dueAt: null };
      keep(one);
      rows.saveWill(clientId, toRow(will, null));
      return {
        close(normally, sessionExpirySeconds) {
          if (kept.get(clientId) !== one) return; // The connection that took over has settled it.
          const delaySeconds = Math.min(delayOf(will), sessionExpirySeconds); // §3.1.3.2.2
          if (normally) forget(one);
          else if (delaySeconds > 0) wait(one, delaySeconds * 1000);
          else send(one);
        },
      };
    },
    sessionEnded(clientId) {
      const one = kept.get(clientId);
      if (one !== undefined && one.dueAt !== null) send(one);
    },
    pendingOf(clientId) {
      const one = kept.get(clientId);
      return one === undefined || one.dueAt === null ? null : one.will;
    },
    tick() {
      const now = clock.monotonic();
      for (const one of waiting) if (one.dueAt !== null && one.dueAt <= now) send(one);
    },
    restore(expiryOf) {
      for (const [clientId, row] of rows.wills()) {
        const will = fromRow(row);
        const one: Kept = { clientId, will, dueAt: null };
        keep(one);
        // The clock may have been set meanwhile: it waits no longer than it was to wait at all.
        const mostMs = Math.min(delayOf(will), expiryOf(clientId)) * 1000;
        const leftMs = row.dueAt === null ? mostMs : Math.min(mostMs, row.dueAt - clock.now());
        if (leftMs > 0) wait(one, leftMs);
        else send(one);
      }
    },
  };
}

function delayOf({ properties }: Will): number {
  return properties.willDelaySeconds ?? 0;
}

function weigh({ topic, payload, properties }: Will): number {
  let bytes = topic.length + payload.length + (properties.correlationData?.length ?? 0) + OVERHEAD_BYTES;
  for (const [name, value] of properties.userProperties ?? []) bytes += name.length + value.length;
  return bytes;
}

function toRow({ topic, payload, qos, retain, properties }: Will, dueAt: number | null): WillRow {
  const { correlationData, ...others } = properties;
  const correlation = correlationData === undefined ? {} : { correlation: correlationData.toString("base64") };
  return { topic, payload: payload.toString("base64"), qos, retain, properties: others, ...correlation, dueAt };
}

function fromRow({ topic, payload, qos, retain, properties, correlation }: WillRow): Will {
  const correlationData = correlation === undefined ? {} : { correlationData: Buffer.from(correlation, "base64") };
  return { topic, payload: Buffer.from(payload, "base64"), qos, retain, properties: { ...properties, ...correlationData } };
}
