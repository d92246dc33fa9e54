import type { Source } from "../../main/contract/source.ts";
import { createHub, type Hub, type HubOptions } from "../../main/hub/hub.ts";
import { NO_LISTENERS } from "../../main/hub/listener-directory.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";
import { createMemoryLog, createMemorySources, type MemoryLog } from "./memory-log.ts";

/** A hub over a log in memory and a clock that stands still. */
export function createTestHub(
  change: Partial<HubOptions> = {},
  sources: readonly Source[] = [],
): { hub: Hub; log: MemoryLog; clock: FakeClock } {
  const clock = createFakeClock();
  const log = createMemoryLog();
  const hub = createHub({
    log,
    sources: createMemorySources(sources),
    clock,
    logger: silentLogger,
    version: "0.0.0-test",
    dataFolder: "/nowhere",
    createSources: true,
    maxBodyBytes: 1000,
    maxSources: 3,
    ...change,
  });
  hub.listeners = { ...NO_LISTENERS, status: () => [{ name: "ingress", url: "http://127.0.0.1:4800", setting: "ingress" }] };
  return { hub, log, clock };
}
