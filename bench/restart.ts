import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NewEvent } from "../main/hub/ports.ts";
import { systemClock } from "../main/platform/clock.ts";
import { silentLogger } from "../main/platform/log.ts";
import { openStore, type Store } from "../main/store/open-store.ts";
import { newEvent } from "../test/support/new-event.ts";
import { startHub, type TestHub } from "../test/support/run-signalbox.ts";
import { startWebhookLoad } from "../test/support/webhook-load.ts";

/** How long a hub with a million stored events takes to be ready again after `kill -9` under load, and to give pages of them. */
const EVENTS = 1_000_000;
const STARTS = 5;
const ROUNDS = 7;
/** How many may wait for a commit while filling. */
const IN_HAND = 20_000;

/** Filters that find much, little and nothing, in the newest and the oldest events. */
const PAGES: Readonly<Record<string, string>> = {
  "first page": "limit=100",
  "oldest page": "limit=100&after=0",
  "middle page": `limit=100&before=${EVENTS / 2}`,
  source: "limit=100&source=source-7",
  topic: "limit=100&filter=topic:webhooks/source-7/%23",
  "rare topic": "limit=100&filter=topic:%2B/%2B/rare",
  protocol: "limit=100&protocol=mqtt",
  status: "limit=100&filter=status:>=400",
  size: "limit=100&filter=size:>100k",
  time: "limit=100&filter=before:-30d",
  "common word": "limit=100&filter=temperature",
  "rare word": "limit=100&filter=needle500000",
  "absent word": "limit=100&filter=nowhere",
  "source and word": "limit=100&filter=source:source-3%20temperature",
  everything: "limit=1000",
};

const folder = await mkdtemp(join(tmpdir(), "signalbox-bench-"));
try {
  const filled = await time(() => fill(folder));
  console.log(`filled ${EVENTS.toLocaleString("en-US")} events in ${(filled / 1000).toFixed(1)} s, indexed`);
  const starts: number[] = [];
  for (let n = 0; n < STARTS; n += 1) {
    const began = performance.now();
    const hub = await startHub({ dataFolder: folder });
    starts.push(performance.now() - began);
    if (n === STARTS - 1) await measurePages(hub, starts);
    const load = startWebhookLoad(`${hub.ingress}/in/load`, 16, `start-${n}`);
    await load.reaches(1000);
    await hub.kill();
    await load.ended;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measurePages({ inspector, token }: TestHub, starts: readonly number[]): Promise<void> {
  await fetch(`${inspector}/healthz`); // so that the client's own first use is not measured
  const rows: [string, number[], string][] = [["spawn → ready", [...starts], ""]];
  for (const [name, query] of Object.entries(PAGES)) {
    const times: number[] = [];
    let found = 0;
    for (let n = 0; n < ROUNDS; n += 1) {
      times.push(
        await time(async () => {
          const response = await fetch(`${inspector}/api/v1/events?${query}`, { headers: { authorization: `Bearer ${token}` } });
          const page = (await response.json()) as { events?: unknown[] };
          if (!page.events) throw new Error(`${query} → ${response.status} ${JSON.stringify(page)}`);
          found = page.events.length;
        }),
      );
    }
    rows.push([name, times, `${found} events`]);
  }
  console.log(`${"".padEnd(18)}${"median".padStart(10)}${"slowest".padStart(10)}`);
  for (const [name, times, note] of rows) console.log(`${name.padEnd(18)}${toMs(median(times))}${toMs(Math.max(...times))}  ${note}`);
}

async function fill(folder: string): Promise<void> {
  const store = await openStore({
    folder,
    clock: systemClock,
    logger: silentLogger,
    maxQueuedEvents: IN_HAND * 2,
    maxQueuedBytes: 256 * 1024 ** 2,
  });
  const began = Date.now() - EVENTS * 1000;
  let stored = 0;
  const { promise: all, resolve, reject } = Promise.withResolvers<void>();
  let appended = 0;
  const more = (): void => {
    while (appended < EVENTS && appended - stored < IN_HAND) {
      store.log.append(sample(appended, began + appended * 1000), (outcome) => {
        if (!outcome.ok) return reject(new Error(outcome.refusal.message));
        stored += 1;
        if (stored === EVENTS) resolve();
        else if (stored % (IN_HAND / 2) === 0) more();
      });
      appended += 1;
    }
  };
  more();
  await all;
  await indexed(store);
  await store.close();
}

/** The search index follows behind the log. */
async function indexed(store: Store): Promise<void> {
  while (store.log.status().indexLag > 0) await new Promise((resolve) => setTimeout(resolve, 100));
}

function sample(n: number, receivedAt: number): NewEvent {
  const source = `source-${n % 20}`;
  const mqtt = n % 3 === 0;
  const topic = n % 100_000 === 77 ? `webhooks/${source}/rare` : mqtt ? `sensors/room-${n % 150}/temperature` : `webhooks/${source}/push`;
  const payload = {
    n,
    word: n % 1000 === 0 ? `needle${n}` : "temperature",
    celsius: (n % 400) / 10,
    note: "the quick brown fox jumps over the lazy dog",
  };
  const body = Buffer.from(JSON.stringify(payload));
  const status = n % 500 === 0 ? 413 : 200;
  return newEvent({
    receivedAt,
    protocol: mqtt ? "mqtt" : "webhook",
    source: mqtt ? null : source,
    topic,
    contentType: "application/json",
    body,
    head: mqtt
      ? null
      : {
          method: "POST",
          target: `/in/${source}`,
          httpVersion: "1.1",
          headers: [
            ["Host", "127.0.0.1:4800"],
            ["Content-Type", "application/json"],
            ["User-Agent", "bench"],
            ["Content-Length", String(body.length)],
          ],
          trailers: [],
          remoteAddress: "127.0.0.1",
          publicUrl: `http://127.0.0.1:4800/in/${source}`,
          status,
        },
  });
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function toMs(ms: number): string {
  return `${ms.toFixed(ms < 100 ? 1 : 0)} ms`.padStart(10);
}
