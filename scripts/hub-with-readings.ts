import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connectAsync } from "mqtt";
import { silentLogger } from "../main/platform/log.ts";
import { systemClock } from "../main/platform/clock.ts";
import { openStore } from "../main/store/open-store.ts";
import { startHub, type TestHub } from "../test/support/run-signalbox.ts";
import { appendAll } from "../test/support/test-store.ts";
import { readingsBetween } from "./readings.ts";

const DAY_MS = 26 * 3_600_000;
/** From now on the devices' clock runs faster than ours, so that something is to be seen. */
const TICK_MS = 700;
const TICK_OF_DEVICES_MS = 20_000;

/** A real hub whose log has a day of readings, and to which the same devices go on publishing by MQTT. */
export async function startHubWithReadings(): Promise<{ readonly hub: TestHub; readonly stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-"));
  const now = Date.now();
  const store = await openStore({
    folder,
    clock: systemClock,
    logger: silentLogger,
    maxQueuedEvents: 100_000,
    maxQueuedBytes: 256 * 1024 * 1024,
  });
  await appendAll(store.log, readingsBetween(now - DAY_MS, now));
  await store.close();

  const hub = await startHub({ dataFolder: folder, env: { SIGNALBOX_MQTT: "127.0.0.1:0" } });
  const answer = await fetch(`${hub.inspector}/api/v1/status`, { headers: { authorization: `Bearer ${hub.token}` } });
  const { listeners } = (await answer.json()) as { listeners: { name: string; url: string }[] };
  const device = await connectAsync(listeners.find(({ name }) => name === "mqtt")!.url, { protocolVersion: 5 });
  const stopping = new AbortController();
  const publishing = (async () => {
    for (let at = now; !stopping.signal.aborted; at += TICK_OF_DEVICES_MS) {
      for (const { topic, body, retained, contentType } of readingsBetween(at, at + TICK_OF_DEVICES_MS))
        await device.publishAsync(topic, Buffer.from(body), {
          qos: 1,
          retain: retained,
          properties: { contentType: contentType ?? "text/plain" },
        });
      await pause(TICK_MS);
    }
  })();
  return {
    hub,
    stop: async () => {
      stopping.abort();
      await publishing;
      await device.endAsync();
      await hub.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
