import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { DeliveryDetail, DeliveryInfo, DeliveryQuery } from "../../main/contract/delivery.ts";
import type { EndpointChange, EndpointSaved } from "../../main/contract/endpoint.ts";
import type { Result } from "../../main/contract/errors.ts";
import { KEEP_EVERYTHING } from "../../main/contract/settings.ts";
import { createDeliveries, type Deliveries } from "../../main/delivery/deliveries.ts";
import { openEndpointFile } from "../../main/delivery/endpoint-file.ts";
import { createTargetGuard, type Resolve } from "../../main/delivery/target-guard.ts";
import type { HubEvent, NewEvent } from "../../main/hub/ports.ts";
import type { Clock } from "../../main/platform/clock.ts";
import { openStore } from "../../main/store/open-store.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { createRecordingLogger, type RecordingLogger } from "./recording-logger.ts";
import { newEvent } from "./new-event.ts";
import { createTestHub } from "./test-inspector.ts";

export interface TestOutbox {
  readonly deliveries: Deliveries;
  readonly logger: RecordingLogger;
  /** Stores and publishes; resolves after the commit. */
  publish(...events: readonly Partial<NewEvent>[]): Promise<HubEvent[]>;
  save(change: EndpointChange): Promise<EndpointSaved>;
  /** Newest first. */
  list(query?: DeliveryQuery): Promise<readonly DeliveryInfo[]>;
  get(id: string): Promise<DeliveryDetail>;
  close(): Promise<void>;
}

export interface TestOutboxOptions {
  /** Of the deliveries; the log's own is the system's. */
  readonly clock: Clock;
  readonly folder: string;
  readonly allow?: readonly string[];
  readonly resolve?: Resolve;
  /** How many events the log keeps; all unless said. */
  readonly keepEvents?: number;
  /** No jitter unless said. */
  readonly random?: () => number;
}

/** Deliveries over a real log in the folder, to this machine; closed after the test when they are not before. */
export async function openOutbox(t: TestContext, options: TestOutboxOptions): Promise<TestOutbox> {
  const { clock, folder, allow = ["127.0.0.1"], resolve, random = () => 0, keepEvents } = options;
  const logger = createRecordingLogger();
  mkdirSync(folder, { recursive: true });
  const store = await openStore({ folder, clock: systemClock, logger, maxQueuedEvents: 20_000, maxQueuedBytes: 256 * 1024 * 1024 });
  const hub = createTestHub(store.log, clock);
  if (keepEvents !== undefined) store.log.keep({ retention: { ...KEEP_EVERYTHING, keepEvents }, record: [] });
  const deliveries = createDeliveries({
    hub,
    store: store.deliveries,
    file: openEndpointFile(join(folder, "endpoints.json")),
    guard: createTargetGuard({ allow, ...(resolve ? { resolve } : {}) }),
    clock,
    logger,
    version: "0.0.0-test",
    random,
  });
  deliveries.start();
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> =>
    (closed ??= (async () => {
      await deliveries.stop();
      hub.close();
      await store.close();
    })());
  t.after(close);
  return {
    deliveries,
    logger,
    publish: (...events) =>
      Promise.all(
        events.map(
          (event) =>
            new Promise<HubEvent>((done, fail) =>
              hub.ingest(newEvent(event), (outcome) => (outcome.ok ? done(outcome.event) : fail(new Error(outcome.refusal.message)))),
            ),
        ),
      ),
    save: async (change) => valueOf(await deliveries.save(change)),
    list: async (query = {}) => valueOf(await deliveries.list(query)).deliveries,
    get: async (id) => valueOf(await deliveries.get(id)),
    close,
  };
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.message}`);
  return result.value;
}
