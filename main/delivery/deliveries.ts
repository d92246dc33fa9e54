import { randomBytes } from "node:crypto";
import {
  fromDeliveryId,
  MAX_DELIVERY_PAGE,
  MAX_REDELIVERED,
  toDeliveryId,
  type Redelivered,
  type Redelivery,
} from "../contract/delivery.ts";
import {
  MAX_ENDPOINTS,
  SECRET_OVERLAP_MS,
  type EndpointChange,
  type EndpointInfo,
  type EndpointSaved,
  type EndpointTried,
  type SecretRotation,
} from "../contract/endpoint.ts";
import { accept, refuse, type Refusal, type Result } from "../contract/errors.ts";
import type { DeliveryDirectory } from "../hub/delivery-directory.ts";
import type { DeliveryStore, GatewayHub, StoredDelivery } from "../hub/ports.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { changeEndpoint, toShownHeaders } from "./change-endpoint.ts";
import { toPlain, type Endpoint, type PlainEndpoint } from "./endpoint.ts";
import type { EndpointFile } from "./endpoint-file.ts";
import { createEndpointSecret, parseEndpointSecret, toSecretInfo } from "./endpoint-secret.ts";
import { runEndpoint, type RunningEndpoint } from "./run-endpoint.ts";
import type { TargetGuard } from "./target-guard.ts";

export interface DeliveriesOptions {
  readonly hub: GatewayHub;
  readonly store: DeliveryStore;
  readonly file: EndpointFile;
  readonly guard: TargetGuard;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  /** From 0 to 1; spreads retries. */
  readonly random?: () => number;
}

export interface Deliveries extends DeliveryDirectory {
  start(): void;
  stop(): Promise<void>;
}

interface Entry {
  readonly endpoint: Endpoint;
  readonly running: RunningEndpoint;
}

const NO_SECRET = "Its secret is not in this data folder. Rotate it, tell the receiver the new one, and switch the endpoint on.";

/** All endpoints, each with its own way through the log. */
export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { hub, store, file, guard, clock, logger, random = Math.random } = options;
  const entries = new Map<string, Entry>();
  let { lastId, lastEndpointId } = store;
  /** Changes go one after the other. */
  let turn: Promise<unknown> = Promise.resolve();
  let stopping = false;

  const nextId = (): number => (lastId += 1);
  const oneByOne = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  };

  function run(endpoint: Endpoint, cursor: number, unfinished: DeliveryStore["unfinished"] = []): RunningEndpoint {
    return runEndpoint({
      endpoint,
      cursor,
      unfinished,
      hub,
      store,
      guard,
      clock,
      logger,
      random,
      nextId,
      userAgent: `Signalbox/${options.version}`,
      onGone: (message) => void oneByOne(() => disable(endpoint.name, message)),
    });
  }

  function toInfo({ endpoint, running }: Entry): EndpointInfo {
    const { id: _id, headers, secrets, ...shown } = endpoint;
    return { ...shown, headers: toShownHeaders(headers), secrets: secrets.map(toSecretInfo), health: running.health() };
  }

  /** On disk first, then in force. */
  async function keep(endpoint: Endpoint, cursor: number): Promise<Refusal | null> {
    const before = file.get(endpoint.id);
    try {
      file.set(endpoint.id, endpoint);
    } catch (error) {
      const message = `The endpoint's secret could not be written: ${(error as Error).message}. Nothing was changed.`;
      return { code: "STORE_FAILED", message };
    }
    const { id, name } = endpoint;
    const refusal = await store.write([{ t: "endpoint", endpoint: { id, name, cursor, settings: JSON.stringify(toPlain(endpoint)) } }]);
    if (refusal !== null) file.set(id, before);
    return refusal;
  }

  async function replace(entry: Entry, endpoint: Endpoint, from?: number): Promise<Result<EndpointInfo>> {
    const refusal = await keep(endpoint, from ?? entry.running.cursor);
    if (refusal !== null) return { ok: false, refusal };
    entry.running.update(endpoint, from);
    const next = { endpoint, running: entry.running };
    entries.set(endpoint.name, next);
    return accept(toInfo(next));
  }

  async function disable(name: string, reason: string): Promise<void> {
    const entry = entries.get(name);
    if (entry === undefined || !entry.endpoint.enabled || stopping) return;
    logger.warn("An endpoint is switched off.", { endpoint: name, reason });
    const done = await replace(entry, { ...entry.endpoint, enabled: false, disabledReason: reason });
    if (!done.ok) logger.error("An endpoint that is gone could not be switched off.", { endpoint: name, reason: done.refusal.message });
  }

  async function save(change: EndpointChange): Promise<Result<EndpointSaved>> {
    const name = change.name ?? freeName(change.url, entries);
    const entry = entries.get(name);
    if (entry === undefined && entries.size >= MAX_ENDPOINTS)
      return refuse("ENDPOINT_LIMIT", `There are ${MAX_ENDPOINTS} endpoints already, as many as allowed. Remove one first.`);
    const id = entry?.endpoint.id ?? lastEndpointId + 1;
    const changed = changeEndpoint(entry?.endpoint ?? null, { ...change, name }, { id, now: clock.now(), guard });
    if (!changed.ok) return changed;
    const endpoint = changed.value;
    const from = change.skipMissed === true ? hub.lastSeq() : undefined;
    if (entry !== undefined) {
      const saved = await replace(entry, endpoint, from);
      return saved.ok ? accept({ ...saved.value, secret: null }) : saved;
    }
    const cursor = hub.lastSeq();
    const refusal = await keep(endpoint, cursor);
    if (refusal !== null) return { ok: false, refusal };
    lastEndpointId = id;
    const added = { endpoint, running: run(endpoint, cursor) };
    entries.set(name, added);
    return accept({ ...toInfo(added), secret: endpoint.secrets[0]?.value ?? null });
  }

  async function remove(name: string): Promise<Result<void>> {
    const entry = entries.get(name);
    if (entry === undefined) return notFound(name);
    await entry.running.stop();
    const refusal = await store.write([{ t: "forget", endpointId: entry.endpoint.id }]);
    if (refusal !== null) return { ok: false, refusal };
    entries.delete(name);
    file.set(entry.endpoint.id, null);
    return accept(undefined);
  }

  async function rotate({ name, signature, secret, overlapMs = SECRET_OVERLAP_MS }: SecretRotation): Promise<Result<EndpointSaved>> {
    const entry = entries.get(name);
    if (entry === undefined) return notFound(name);
    const now = clock.now();
    const [before] = entry.endpoint.secrets;
    const made =
      secret === undefined ? accept(createEndpointSecret(signature ?? before?.kind ?? "v1", now)) : parseEndpointSecret(secret, now);
    if (!made.ok) return made;
    const old = before === undefined || overlapMs === 0 ? [] : [{ ...before, expiresAt: now + overlapMs }];
    const saved = await replace(entry, { ...entry.endpoint, secrets: [made.value, ...old] });
    return saved.ok ? accept({ ...saved.value, secret: made.value.value }) : saved;
  }

  async function tryOut(name: string): Promise<Result<EndpointTried>> {
    const entry = entries.get(name);
    if (entry === undefined) return notFound(name);
    const id = `test-${randomBytes(8).toString("hex")}`;
    const body = Buffer.from(
      JSON.stringify({ type: "signalbox.test", timestamp: new Date(clock.now()).toISOString(), data: { endpoint: name } }),
    );
    const event = { id, topic: "signalbox/test", source: null, contentType: "application/json", body, head: null };
    const { cause, status, message, headers, tookMs, body: answer } = await entry.running.tryOut(event);
    const base64 = Buffer.from(answer).toString("base64");
    return accept({ succeeded: cause === null, tookMs: Math.round(tookMs ?? 0), status, message, headers, base64 });
  }

  async function redeliver({ id, ...filter }: Redelivery): Promise<Result<Redelivered>> {
    const found = id === undefined ? await store.repeatable(filter, MAX_REDELIVERED) : await one(id);
    if (!found.ok) return found;
    const ids: string[] = [];
    let count = 0;
    for (const { endpoint, running } of entries.values()) {
      const again = found.value
        .slice(0, MAX_REDELIVERED)
        .filter(({ endpointId }) => endpointId === endpoint.id)
        .map(({ id: redeliveryOf, seq }) => ({ id: nextId(), seq, redeliveryOf }));
      if (again.length === 0) continue;
      if (!(await running.redeliver(again)))
        return refuse("STORE_FAILED", "The new deliveries could not be written. Try again in a moment.");
      count += again.length;
      ids.push(...again.map((delivery) => toDeliveryId(delivery.id)));
    }
    return accept({ count, ids: ids.slice(0, MAX_DELIVERY_PAGE), more: found.value.length > MAX_REDELIVERED });
  }

  async function one(id: string): Promise<Result<readonly StoredDelivery[]>> {
    const found = await store.get(id);
    if (!found.ok) return found;
    const { state, endpoint, seq, attempts, createdAt } = found.value;
    if (state === "waiting" || state === "sending")
      return refuse("PARAMS_INVALID", `The delivery "${id}" is not finished: it is tried again by itself.`, { parameter: "id" });
    const endpointId = entries.get(endpoint)?.endpoint.id;
    if (endpointId === undefined) return notFound(endpoint);
    return accept([{ id: fromDeliveryId(id) ?? 0, endpointId, seq, attempts, failures: 0, lane: null, createdAt, redeliveryOf: null }]);
  }

  return {
    start() {
      for (const { id, name, settings, cursor } of store.endpoints) {
        const kept = file.get(id);
        const plain = JSON.parse(settings) as PlainEndpoint; // written by `keep` alone
        const endpoint: Endpoint = { ...plain, id, name, headers: kept?.headers ?? [], secrets: kept?.secrets ?? [] };
        const whole = kept === null ? { ...endpoint, enabled: false, disabledReason: NO_SECRET } : endpoint;
        entries.set(name, {
          endpoint: whole,
          running: run(
            whole,
            cursor,
            store.unfinished.filter((one) => one.endpointId === id),
          ),
        });
      }
    },
    async stop() {
      stopping = true;
      await turn;
      await Promise.all([...entries.values()].map(({ running }) => running.stop()));
    },
    endpoints: () => [...entries.values()].map(toInfo).sort((a, b) => (a.name < b.name ? -1 : 1)),
    save: (change) => oneByOne(() => save(change)),
    remove: (name) => oneByOne(() => remove(name)),
    rotateSecret: (rotation) => oneByOne(() => rotate(rotation)),
    test: tryOut,
    list: (query) => store.list(query),
    get: (id) => store.get(id),
    redeliver: (wanted) => oneByOne(() => redeliver(wanted)),
  };
}

/** The host's name, with a number where that is taken. */
function freeName(url: string | undefined, taken: ReadonlyMap<string, unknown>): string {
  const host = (url === undefined ? null : URL.parse(url))?.hostname.replaceAll(/[^A-Za-z0-9.-]/g, "").slice(0, 56);
  const base = host === undefined || !/^[A-Za-z0-9]/.test(host) ? "endpoint" : host;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
}

function notFound(name: string): Result<never> {
  return refuse("ENDPOINT_NOT_FOUND", `There is no endpoint "${name}".`, { name });
}
