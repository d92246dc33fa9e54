import { join } from "node:path";
import type { TestContext } from "node:test";
import { openKeys } from "../../main/access/keys.ts";
import { createHub, type Hub } from "../../main/hub/hub.ts";
import type { EventLog, NewEvent, StateStore } from "../../main/hub/ports.ts";
import { createInspector, type Inspector, type InspectorOptions } from "../../main/inspector/inspector.ts";
import { systemClock, type Clock } from "../../main/platform/clock.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { createMemoryLog, createMemorySources, type MemoryLog } from "./memory-log.ts";
import { tempFolder } from "./temp-folder.ts";
import { newEvent } from "./new-event.ts";

export const TEST_TOKEN = "test-token-0123456789abcdef";

export interface TestInspectorOptions extends Partial<Omit<InspectorOptions, "hub">> {
  readonly clock?: Clock;
  readonly maxBodyBytes?: number;
  /** Any free port of 127.0.0.1 unless said. */
  readonly listen?: { readonly host: string; readonly port: number };
  readonly state?: StateStore;
}

/** A hub over the log that is given. */
export function createTestHub(log: EventLog, clock: Clock = systemClock, maxBodyBytes = 10 * 1024 * 1024, state?: StateStore): Hub {
  return createHub({
    ...(state ? { state } : {}),
    log,
    clock,
    sources: createMemorySources(),
    logger: silentLogger,
    version: "0.0.0-test",
    dataFolder: "/nowhere",
    createSources: true,
    maxBodyBytes,
    maxSources: 100,
  });
}

export interface TestInspector {
  readonly log: MemoryLog;
  readonly hub: Hub;
  readonly inspector: Inspector;
  readonly url: string;
  readonly port: number;
  /** A request with the token, unless `authorization` is given (null: none). */
  ask(path: string, init?: Omit<RequestInit, "headers"> & { headers?: Record<string, string | null> }): Promise<Response>;
}

/** The real inspector on a free port over a log in memory; stopped after the test. */
export async function startTestInspector(t: TestContext, options: TestInspectorOptions = {}): Promise<TestInspector> {
  const log = createMemoryLog();
  return { log, ...(await startInspectorOver(t, log, options)) };
}

/** The same over any log. */
export async function startInspectorOver(
  t: TestContext,
  log: EventLog,
  options: TestInspectorOptions = {},
): Promise<Omit<TestInspector, "log">> {
  const hub = createTestHub(log, options.clock, options.maxBodyBytes, options.state);
  const inspector = createInspector({
    keys: openKeys({ path: null, now: () => systemClock.now() }),
    token: TEST_TOKEN,
    allowHosts: [],
    rendererFolder: join(tempFolder(t), "not-built"),
    clock: systemClock,
    logger: silentLogger,
    ...options,
    hub,
  });
  t.after(() => inspector.stop());
  const { url } = await inspector.listen(options.listen ?? { host: "127.0.0.1", port: 0 });
  return { hub, inspector, url, port: Number(new URL(url).port), ask: asker(url) };
}

function asker(url: string): TestInspector["ask"] {
  return (path, init = {}) => {
    const given = { authorization: `Bearer ${TEST_TOKEN}`, ...init.headers };
    const headers = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null);
    return fetch(`${url}${path}`, { ...init, headers });
  };
}

/** Puts events in the log; resolves after the commit of the last. */
export async function appendEvents(hub: Hub, events: readonly Partial<NewEvent>[]): Promise<{ id: string; seq: number }[]> {
  const base: NewEvent = newEvent({
    protocol: "webhook",
    source: "github",
    topic: "webhooks/github/push",
    contentType: "application/json",
    body: new Uint8Array(),
  });
  return Promise.all(
    events.map(
      (event) =>
        new Promise<{ id: string; seq: number }>((resolve, reject) => {
          hub.ingest({ ...base, size: event.body?.length ?? 0, ...event }, (outcome) => {
            if (outcome.ok) resolve({ id: outcome.event.id, seq: outcome.event.seq });
            else reject(new Error(outcome.refusal.message));
          });
        }),
    ),
  );
}
