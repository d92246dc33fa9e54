import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { AppendOutcome, EventLog, HubEvent, NewEvent, RequestHead } from "../../main/hub/ports.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { openStore, type Store, type StoreOptions } from "../../main/store/open-store.ts";
import { createRecordingLogger, type RecordingLogger } from "./recording-logger.ts";
import { newEvent as anyEvent } from "./new-event.ts";

export interface TestStores {
  readonly folder: string;
  readonly logger: RecordingLogger;
  /** Opens the store in the folder; closed after the test when it is not before. */
  open(options?: Partial<StoreOptions>): Promise<Store>;
}

/** A data folder of the test's own; after the test its stores are closed and it is removed. `parent`: on another disk. */
export function testStores(t: TestContext, parent: string = tmpdir()): TestStores {
  const folder = mkdtempSync(join(parent, "signalbox-store-"));
  const logger = createRecordingLogger();
  const opened: Store[] = [];
  t.after(async () => {
    for (const store of opened) await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    logger,
    async open(options = {}) {
      const store = await openStore({
        folder,
        clock: systemClock,
        logger,
        maxQueuedEvents: 20_000,
        maxQueuedBytes: 256 * 1024 * 1024,
        ...options,
      });
      opened.push(store);
      return store;
    },
  };
}

/** An event as a device might send it. */
export function newEvent(overrides: Partial<NewEvent> = {}): NewEvent {
  const body = Buffer.from('{"temperature":21.5}');
  return anyEvent({
    protocol: "mqtt",
    topic: "sensors/kitchen/temperature",
    contentType: null,
    body,
    size: (overrides.body ?? body).length,
    ...overrides,
  });
}

/** What HTTP says of a webhook. */
export function newHead(overrides: Partial<RequestHead> = {}): RequestHead {
  return {
    method: "POST",
    target: "/in/shop/orders?a=1",
    httpVersion: "1.1",
    headers: [["Host", "127.0.0.1:4800"]],
    trailers: [],
    remoteAddress: "127.0.0.1",
    publicUrl: "http://127.0.0.1:4800/in/shop/orders?a=1",
    status: 200,
    ...overrides,
  };
}

export function append(log: EventLog, event: NewEvent): Promise<AppendOutcome> {
  return new Promise((resolve) => log.append(event, resolve));
}

/** Appends all at once, and gives them as they are stored. Fails when one is refused. */
export async function appendAll(log: EventLog, events: readonly NewEvent[]): Promise<HubEvent[]> {
  const outcomes = await Promise.all(events.map((event) => append(log, event)));
  return outcomes.map((outcome) => {
    if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
    return outcome.event;
  });
}
